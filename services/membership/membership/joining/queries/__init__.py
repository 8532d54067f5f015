"""What can be asked about joining."""
