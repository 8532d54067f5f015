"""A ZIP that somebody sent, looked at before any of it is unpacked: what it would become, and how it was packed."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from shared.domain.refusals import Invalid

MOST_FILES = 500
LARGEST = 400 * 1024 * 1024  # bytes of all files, unpacked
LARGEST_TEXTS = 64 * 1024 * 1024  # bytes of the texts that stand in memory
HIGHEST_RATIO = 200  # what spreadsheets write is packed to a twentieth or so
SMALL = 1024 * 1024  # bytes below which a ratio says nothing
PIECE = 64 * 1024

# An XML file can name something once and repeat it a billion times; no spreadsheet writes such names.
DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def open_zip(file: bytes) -> zipfile.ZipFile:
    """Refuses what would grow beyond all measure."""
    try:
        opened = zipfile.ZipFile(BytesIO(file))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Invalid("import.not_xlsx") from error
    entries = opened.infolist()
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST or any(map(_is_bomb, entries)):
        raise Invalid("import.zip_bomb")
    return opened


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    if entry.filename.endswith("sharedStrings.xml") and entry.file_size > LARGEST_TEXTS:
        return True
    return entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)


def pieces_of(opened: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Never more than the directory said: the reader stops there, whatever follows."""
    with opened.open(name) as packed:
        yield from iter(lambda: packed.read(PIECE), b"")


def demand_plain_xml(opened: zipfile.ZipFile) -> None:
    for name in opened.namelist():
        if name.endswith((".xml", ".rels")) and DECLARES.search(next(pieces_of(opened, name), b"")):
            raise Invalid("import.not_xlsx")
