"""What joining is made of: entities and their rules."""
