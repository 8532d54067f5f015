"""An XLSX file as a table: one sheet of it, its values as they were last computed; nothing is computed here."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from itertools import repeat
from typing import Any

from openpyxl import load_workbook

from shared.domain.refusals import Invalid

from .cells import plain
from .table import LONGEST_CELL, MOST_COLUMNS, Line, Reading, Table, counted, demand_width
from .zips import demand_plain_xml, open_zip, pieces_of

BROKEN = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")
NOT_COMPUTED = "#N/A"  # as a spreadsheet shows what it could not compute
MARGIN = 3  # columns beyond the header, in which something may stand by mistake
FORMULA = re.compile(rb"<f[ >/]")
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
ROW = re.compile(rb"<(?:\w+:)?row[ >/]")
END_OF_ROWS = re.compile(rb"</(?:\w+:)?sheetData>")
LONGEST_ROW = 4 * 1024 * 1024  # bytes
OVERLAP = 64  # bytes: what is searched for may lie across two pieces


def open_xlsx(file: bytes, reading: Reading) -> Table:
    demand_plain_xml(open_zip(file))
    try:
        return _open(file, reading)
    except Invalid:
        raise
    except Exception as error:  # openpyxl says whatever it stumbles over: KeyError, TypeError, ParseError, ...
        raise Invalid("import.not_xlsx") from error


def _open(file: bytes, reading: Reading) -> Table:
    book = load_workbook(BytesIO(file), read_only=True, data_only=True)
    names = [sheet.title for sheet in book.worksheets]
    name = reading.sheet or next(iter(names), None)
    if name not in names:
        raise Invalid("import.no_such_sheet", sheets=names)
    sheet = book[name]
    has_formulas, merged = _looked_through(open_zip(file), sheet._worksheet_path)
    formulas = load_workbook(BytesIO(file), read_only=True)[name] if has_formulas else None
    first, header = _header(sheet)
    _demand_apart(merged, first)
    lines = counted(_guarded(_lines(sheet, formulas, first + 1, len(header) + MARGIN)))
    return Table(header, lines, {"format": "xlsx", "sheet": name, "sheets": names})


def _looked_through(opened: zipfile.ZipFile, path: str) -> tuple[bool, list[tuple[bytes, ...]]]:
    """Are there formulas, and which cells are merged: what reading a sheet row by row does not tell."""
    has_formulas, merged, rest, rows = False, set(), b"", _Rows()
    for piece in pieces_of(opened, path.lstrip("/")):
        rows.see(piece)
        seen = rest + piece
        has_formulas = has_formulas or FORMULA.search(seen) is not None
        merged.update(MERGED.findall(seen))
        rest = seen[-OVERLAP:]
    return has_formulas, sorted(merged)


class _Rows:
    """A row is read as a whole, however many cells it has: there may be millions."""

    def __init__(self) -> None:
        self._bytes, self._line, self._are_over = 0, 0, False

    def see(self, piece: bytes) -> None:
        begins = [found.start() for found in ROW.finditer(piece)]
        self._line += len(begins)
        self._bytes = len(piece) - begins[-1] if begins else self._bytes + len(piece)
        self._are_over = self._are_over or END_OF_ROWS.search(piece) is not None
        if self._bytes > LONGEST_ROW and not self._are_over:
            raise Invalid("import.cell_too_long", line=max(self._line, 1))


def _header(sheet: Any) -> tuple[int, list[str]]:
    """The first row that is not blank, with its number."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=50, max_col=MOST_COLUMNS + 1, values_only=True)
    for number, row in enumerate(rows, 1):
        header = [_text(value) for value in row]
        while header and not header[-1].strip():
            header.pop()
        if header:
            return number, demand_width(header)
    raise Invalid("import.no_columns", columns=[])


def _demand_apart(merged: list[tuple[bytes, ...]], header: int) -> None:
    """A name over several columns names none of them; cells merged into one row below would be half empty."""
    lying = [ref for ref in merged if int(ref[1]) <= header <= int(ref[3]) and ref[0] != ref[2]]
    if lying:
        left, top, right, bottom = (part.decode() for part in lying[0])
        raise Invalid("import.merged_header", cells=f"{left}{top}:{right}{bottom}")


def _lines(sheet: Any, formulas: Any, first: int, width: int) -> Iterator[Line]:
    wanted = {"min_row": first, "max_col": width, "values_only": True}
    values = sheet.iter_rows(**wanted)
    if formulas is not None:
        formulas.reset_dimensions()
    sources = formulas.iter_rows(**wanted) if formulas is not None else repeat(())
    for number, (row, source) in enumerate(zip(values, sources, strict=False), first):
        cells = [_text(value, number) for value in row]
        for place in (place for place, formula in enumerate(source) if _is_lost(formula, row[place])):
            cells[place] = NOT_COMPUTED
        yield number, cells


def _is_lost(formula: Any, value: Any) -> bool:
    return value is None and isinstance(formula, str) and formula.startswith("=")


def _text(value: Any, line: int = 1) -> str:
    match value:
        case None:
            return ""
        case str():
            if len(value) > LONGEST_CELL:
                raise Invalid("import.cell_too_long", line=line)
            return plain(value)
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return str(value)


def _guarded(lines: Iterator[Line]) -> Iterator[Line]:
    """What is broken in the middle of the file is found in the middle of reading it."""
    try:
        yield from lines
    except Invalid:
        raise
    except Exception as error:
        raise Invalid("import.not_xlsx") from error
