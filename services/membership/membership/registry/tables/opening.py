"""Which kind of file it is, by its first bytes."""

from shared.domain.refusals import Invalid

from .csv_table import open_csv
from .table import Reading, Table
from .xlsx_table import open_xlsx

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what Excel writes where a password is asked for
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"<!DOCTYPE")


def open_table(file: bytes, reading: Reading) -> Table:
    if not file.strip():
        raise Invalid("import.empty_file")
    if file.startswith((ZIP, EMPTY_ZIP)):
        return open_xlsx(file, reading)
    if file.startswith(OLD_EXCEL):
        raise Invalid("import.old_excel")
    if file.startswith(OTHERS) or file[:200].lstrip().lower().startswith((b"<html", b"<?xml")):
        raise Invalid("import.not_a_table")
    return open_csv(file, reading)
