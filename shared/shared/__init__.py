"""What the four services are built from; four floors, each importing only those below it."""
