"""The shared repertoire of practices, found in French and in Arabic."""
