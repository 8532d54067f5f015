"""The Ministry's files: CSV or XLSX becomes checked rows, or a list of all that is wrong with it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from membership.ground import ROWS_OF_A_SHEET, Packed, Row, Sheet, Sheets
from shared.domain.refusals import Fault, Invalid
from shared.web.field_faults import recognise

from ..model import Import, ImportKind
from ..tables.dates import DateColumn
from ..tables.opening import open_table
from ..tables.table import Reading, Table
from .columns import TOO_MANY_CELLS, Cells, cells_of, read_mapping
from .file_rows import ISO, ROWS, FileRow

STRICTLY = Reading(encoding="utf-8", date_format=ISO)  # for programs, which know what they write
BROKEN = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
Tell = Callable[[str, int, int | None], None]
Lines = Packed[list[tuple[int, Cells]]]


def read_schools(file: bytes, mapping: str) -> Sheet:
    return _read(file, mapping, ImportKind.SCHOOLS)


def read_principals(file: bytes, mapping: str) -> Sheet:
    return _read(file, mapping, ImportKind.PRINCIPALS)


def _read(file: bytes, mapping: str, kind: ImportKind) -> Sheet:
    """All rows as far as they can be read, with the faults of each. Refuses what is no file of rows at all."""
    given = read_mapping(mapping, ROWS[kind]().fields)
    return sheets_of(file, kind, given, STRICTLY).as_one()


def sheets_of(
    file: bytes,
    kind: ImportKind,
    given: Mapping[str, str],
    reading: Reading,
    *,
    names_delegation: bool = False,
    tell: Tell = lambda *_: None,
) -> Sheets:
    """Twice through the file: how a column is written is known only at its end."""
    table, schema = open_table(file, reading), ROWS[kind](names_delegation=names_delegation)
    columns = {name: given.get(name, name) for name in schema.fields}
    columns[schema.key] = columns[schema.key_column]
    lines, schema.date_formats = _looked_through(table, schema, columns, set(given.values()), reading, tell)
    if lines.count > schema.most_rows:
        raise Invalid("import.too_many_rows", most=schema.most_rows)
    found = table.found | ({"date_formats": schema.date_formats} if schema.date_formats else {})
    sheets = Sheets(schema.key, columns, schema.attached_by, found)
    for packed in lines:
        sheets.add(_sheet(packed, schema, columns))
        tell("understanding", sheets.rows, lines.count)
    return sheets


def _looked_through(
    table: Table, schema: FileRow, columns: dict[str, str], given: set[str], reading: Reading, tell: Tell
) -> tuple[Lines, dict[str, str]]:
    """All lines, and how each column of days is written."""
    required = {columns[name] for name, field in schema.fields.items() if field.required}
    header = {name.strip() for name in table.header}
    days = {name: DateColumn(columns[name], reading.date_format) for name in schema.days if columns[name] in header}
    scripts, lines = Counter[str](), Lines()
    for batch in _batches(cells_of(table, columns, required | given)):
        for _, cells in batch:
            _see(cells, days, scripts)
        lines.add(batch, len(batch))
        tell("reading", lines.count, None)
    if scripts["swapped"] * 2 > lines.count:
        raise Invalid("import.swapped_columns", columns=[columns["name_fr"], columns["name_ar"]])
    return lines, {name: column.decided() for name, column in days.items()}


def _batches(lines: Iterator[tuple[int, Cells]]) -> Iterator[list[tuple[int, Cells]]]:
    yield from iter(lambda: list(islice(lines, ROWS_OF_A_SHEET)), [])


def _see(cells: Cells, days: dict[str, DateColumn], scripts: Counter[str]) -> None:
    for name, column in days.items():
        column.see(cells.get(name) or "")
    if _is_arabic(cells.get("name_fr")) and not _is_arabic(cells.get("name_ar")):
        scripts["swapped"] += 1


def _is_arabic(cell: str | None) -> bool:
    return any("\u0620" <= letter <= "\u064a" for letter in cell or "")


def _sheet(lines: list[tuple[int, Cells]], schema: FileRow, columns: Mapping[str, str]) -> Sheet:
    sheet = Sheet(schema.key, columns)
    for line, cells in lines:
        _add(sheet, line, cells, schema)
    return sheet


def _add(sheet: Sheet, line: int, cells: Cells, schema: FileRow) -> None:
    excess = cells.pop(TOO_MANY_CELLS, None)
    entry, messages = schema.understand(cells)
    row = Row(line, cells, entry)
    sheet.rows.append(row)
    sheet.faults.extend(_faults(sheet, row, messages))
    if excess:
        sheet.faults.append(Fault("import.beyond_last_column", line=line, value=excess))


def _faults(sheet: Sheet, row: Row, messages: Mapping[str, Any]) -> Iterator[Fault]:
    """A cell that says that it is broken is told as such, whatever else would be wrong with its text."""
    broken = {name for name, cell in row.cells.items() if cell in BROKEN}
    yield from (sheet.fault(row, name, "import.broken_cell") for name in sorted(broken))
    wrong = ((name, recognise(str(text))) for name, texts in messages.items() for text in texts if name not in broken)
    yield from (sheet.fault(row, name, code, **facts) for name, (code, facts) in wrong)


def read_import(asked: Import, file: bytes, tell: Tell) -> Sheets:
    """As it was asked for; a country's file names the Delegation of each row."""
    country = asked.delegation_id is None
    return sheets_of(file, asked.kind, asked.columns, Reading(**asked.reading), names_delegation=country, tell=tell)
