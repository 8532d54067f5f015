"""What planning is made of: entities and their rules."""
