"""What is kept of a person: copies of it, and its erasure."""
