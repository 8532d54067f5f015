"""What is kept of a person: archives, erasure, links taken back."""
