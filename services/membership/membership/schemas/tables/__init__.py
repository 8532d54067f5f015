"""Files of rows, CSV or XLSX, as a header and lines of texts; judged by what is in them, not by their names."""

from .cells import plain
from .dates import DATE_FORMATS, DateColumn
from .encodings import ENCODINGS
from .opening import open_table
from .table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Reading, Table

__all__ = [
    "DATE_FORMATS",
    "ENCODINGS",
    "LONGEST_CELL",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "DateColumn",
    "Reading",
    "Table",
    "open_table",
    "plain",
]
