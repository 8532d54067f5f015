"""What people is made of: entities and their rules."""
