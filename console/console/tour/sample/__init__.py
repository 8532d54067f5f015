"""Sample schools and principals that do not exist, drawn afresh and always the same for a seed."""

from .generate import delegation, principals, read_csv, schools, to_csv

__all__ = ["delegation", "principals", "read_csv", "schools", "to_csv"]
