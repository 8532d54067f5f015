"""Lists as files that spreadsheets open: CSV and XLSX, written row by row, with no cell that a spreadsheet would run.

    return Response(csv_of(rows), content_type=CSV)

Whatever people typed may end in somebody else's spreadsheet, which takes a cell that begins with `=` for a formula.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from openpyxl import Workbook

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 64 * 1024
ROWS_AT_ONCE = 500

# Also in full width, and behind what a spreadsheet or a person skips: blanks, quotes, marks that nobody sees.
RUNS = re.compile(
    "[\\s\"'\u00ab\u201c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]"
)
NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d+)?")  # a longitude is no formula
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML can hold them

Cell = Any
Rows = Iterable[Sequence[Cell]]


def defused(cell: Cell) -> Cell:
    """The same cell; where a spreadsheet would run its text, an apostrophe before it makes it a text again."""
    if isinstance(cell, StrEnum):
        return cell.value
    if not isinstance(cell, str):
        return cell
    text = UNWRITABLE.sub("", cell)
    is_run = text[:1] in ("\t", "\r", "\n") or RUNS.match(text)
    return f"'{text}" if is_run and not NUMBER.fullmatch(text) else text


def as_it_was(text: str) -> str:
    """Before it was `defused`, since lists that we wrote come back corrected; anything else is what it is."""
    is_ours = text.startswith("'") and defused(text[1:]) == text
    return text[1:] if is_ours else text


def csv_of(rows: Rows, *, delimiter: str = ",") -> Iterator[bytes]:
    """In UTF-8 with its mark, without which spreadsheets break accents and Arabic."""
    yield b"\xef\xbb\xbf"
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter)
    for number, row in enumerate(rows, 1):
        writer.writerow([_as_text(defused(cell)) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield _taken(written)
    yield _taken(written)


def xlsx_of(rows: Rows, *, title: str = "Halqa") -> Iterator[bytes]:
    """One sheet; rows wait in a file of the system's, not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_as_cell(defused(cell)) for cell in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")


def _taken(written: io.StringIO) -> bytes:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text.encode()


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)


def _as_cell(cell: Cell) -> Cell:
    # A spreadsheet's moments have no zone; as texts they keep theirs.
    is_known = cell is None or (isinstance(cell, str | int | float | date) and not isinstance(cell, datetime))
    return cell if is_known else _as_text(cell)
