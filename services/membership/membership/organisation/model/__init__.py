"""What organisation is made of: entities and their rules."""
