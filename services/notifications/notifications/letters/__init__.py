"""Mail: letters in two languages, their calendar entries, how they look on the wire, and the way out."""
