"""Finding what others have written down."""
