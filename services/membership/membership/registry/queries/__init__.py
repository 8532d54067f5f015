"""What can be asked about what is entered."""
