"""What moves is made of: entities and their rules."""
