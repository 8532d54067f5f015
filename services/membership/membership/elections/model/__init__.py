"""What elections is made of: entities and their rules."""
