"""What can be asked about organisation."""
