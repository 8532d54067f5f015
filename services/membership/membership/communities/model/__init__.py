"""What communities is made of: entities and their rules."""
