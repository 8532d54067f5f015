"""The file that was sent, with a column that says of each row what is wrong with it: for whoever corrects it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flask import Response

from shared.domain.refusals import Fault
from shared.web.problems import reason_of
from shared.web.spreadsheets import CSV, XLSX, as_it_was, csv_of, xlsx_of

from ..model import Import, ImportFault
from ..tables.opening import open_table
from ..tables.table import Reading, Table

BETWEEN = " / "


class ImportReportFile(Response):
    """CSV or XLSX, as the file was. Nobody on the way may keep it."""

    def __init__(self, asked: Import, file: bytes, faults: Iterable[ImportFault]) -> None:
        table = open_table(file, Reading(**asked.reading))
        rows = _rows(table, _reasons(faults), reason_of(Fault("import.reason_column")))
        is_csv = table.found["format"] == "csv"
        written = csv_of(rows, delimiter=table.found["delimiter"]) if is_csv else xlsx_of(rows)
        super().__init__(written, content_type=CSV if is_csv else XLSX)
        self.headers["Content-Disposition"] = f'attachment; filename="import-{asked.id}.{table.found["format"]}"'
        self.headers["Cache-Control"] = "no-store"


def _reasons(faults: Iterable[ImportFault]) -> dict[int, str]:
    """Of each line, in the reader's language; a bounded number of them."""
    found = defaultdict(list)
    for fault in faults:
        found[fault.line].append(f"{fault.field}: {reason_of(fault)}" if fault.field else reason_of(fault))
    return {line: BETWEEN.join(reasons) for line, reasons in found.items()}


def _rows(table: Table, reasons: dict[int, str], title: str) -> Iterator[list[str]]:
    width = len(table.header)
    yield [*table.header, title]
    for line, cells in table.lines:
        shown = [*map(as_it_was, cells), *[""] * (width - len(cells))]
        reason = reasons.get(line, "")
        yield [*shown[:width], reason, *(cell for cell in shown[width:] if cell.strip())]
