"""A CSV file as a table: with commas, semicolons or tabs, whichever its first line has most of."""

import csv
import io
import re
from collections.abc import Iterator

from shared.domain.refusals import Invalid

from .cells import plain
from .encodings import encoding_of
from .table import LONGEST_CELL, MOST_COLUMNS, Line, Reading, Table, counted, demand_width

DELIMITERS = ",;\t"
SAYS_DELIMITER = re.compile(r"sep=([,;\t])\r?\n?")  # as one spreadsheet writes for itself
MOST_DELIMITERS = 2 * LONGEST_CELL  # of one row, those within its texts among them
TOO_LONG = "field larger than field limit"


def open_csv(file: bytes, reading: Reading) -> Table:
    encoding = encoding_of(file, reading.encoding)
    text = io.TextIOWrapper(io.BytesIO(file), encoding=encoding, newline="")
    first = text.readline(LONGEST_CELL)
    told = SAYS_DELIMITER.fullmatch(first)
    delimiter = reading.delimiter or (told[1] if told else max(DELIMITERS, key=first.count))
    if not told:
        text.seek(0)
    rows = _rows(text, delimiter, 2 if told else 1)
    _, header = next(rows, (1, []))
    found = {"format": "csv", "encoding": encoding.removesuffix("-sig"), "delimiter": delimiter}
    return Table(demand_width(header), counted(rows), found)


def _rows(text: io.TextIOWrapper, delimiter: str, first_line: int) -> Iterator[Line]:
    """Each row that is not blank with the line where it begins."""
    lines = _Lines(text, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = first_line
    try:
        for row in reader:
            lines.begin_row()
            if any(cell.strip() for cell in row):
                yield begins, [plain(cell) for cell in row]
            begins = reader.line_num + first_line
    except csv.Error as error:
        code = "import.cell_too_long" if str(error).startswith(TOO_LONG) else "import.not_csv"
        raise Invalid(code, line=begins) from error


class _Lines:
    """Lines on their way to a reader that builds one row of them, however many cells it has: there may be millions."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        self._text, self._delimiter = text, delimiter
        self._delimiters = 0  # since the row began

    def begin_row(self) -> None:
        self._delimiters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self._delimiters += line.count(self._delimiter)
            if self._delimiters > MOST_DELIMITERS:
                raise Invalid("import.too_many_columns", most=MOST_COLUMNS)
            yield line
