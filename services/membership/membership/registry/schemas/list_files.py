"""Lists as files: the same entries as the pages show, with headers in the reader's language."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from flask import Response

from membership.communities import Community
from membership.organisation import School
from membership.people import Principal
from shared.web.problems import language_wanted
from shared.web.spreadsheets import CSV, PIECE, XLSX, csv_of, xlsx_of

from .list_labels import headers, written

IN_MEMORY = 1024 * 1024  # bytes; what is longer waits in a file of the system's

OF_PRINCIPALS = ("ppr", "name_fr", "name_ar", "gender", "cycle", "school_code", "email", "phone", "language",
                 "appointed_on")  # fmt: skip
OF_SCHOOLS = ("code", "main_code", "cycle", "setting", "name_fr", "name_ar", "longitude", "latitude")
OF_COMMUNITIES = ("name_fr", "name_ar", "state", "is_home", "is_open", "theme_fr", "theme_ar", "mandate_ends_on")


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class ListFile(Response):
    """Written before it is answered, so that nothing is half sent, and who has read whom is known (`person_ids`)."""

    def __init__(self, name: str, format: Format, columns: tuple[str, ...], entries: Iterable[Any]) -> None:
        language = language_wanted()
        self.person_ids: list[Any] = []
        rows = self._rows(columns, entries, language)
        file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the answer
        for piece in csv_of(rows) if format is Format.CSV else xlsx_of(rows):
            file.write(piece)
        file.seek(0)
        super().__init__(_pieces(file), content_type=CSV if format is Format.CSV else XLSX)
        self.call_on_close(file.close)
        self.headers["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
        self.headers["Content-Language"] = language
        self.headers["Cache-Control"] = "no-store"
        self.vary.add("Accept-Language")

    def _rows(self, columns: tuple[str, ...], entries: Iterable[Any], language: str) -> Iterator[list[Any]]:
        yield headers(columns, language)
        for entry in entries:
            self.person_ids += self._persons(entry)
            yield [written(getattr(entry, column), language) for column in columns]

    def _persons(self, entry: Any) -> list[UUID]:
        return [entry.id] if isinstance(entry, Principal) else []


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(PIECE), b"")


def principals_file(format: Format, entries: Iterable[Principal]) -> ListFile:
    return ListFile("principals", format, OF_PRINCIPALS, entries)


def schools_file(format: Format, entries: Iterable[School]) -> ListFile:
    return ListFile("schools", format, OF_SCHOOLS, entries)


def communities_file(format: Format, entries: Iterable[Community]) -> ListFile:
    return ListFile("communities", format, OF_COMMUNITIES, entries)
