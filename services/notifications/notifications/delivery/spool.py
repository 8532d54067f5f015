"""A folder of mail, one file each: where mail goes that is to be looked at rather than sent."""

import os
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from uuid import UUID

from shared.domain.refusals import NotFound

PARSER = BytesParser(policy=policy.default)


class Spool:
    """Each mail is there whole or not at all, and once, however often it is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, id: UUID, mail: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{id}.{os.getpid()}.tmp"
        with unfinished.open("wb") as file:
            file.write(mail.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path(id))
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def newest(self, most: int, before: UUID | None = None) -> Iterator[tuple[UUID, EmailMessage]]:
        """Headers alone, newest first: ids are ordered by time."""
        older = [id for id in self._ids() if before is None or id < before]
        for id in sorted(older, reverse=True)[:most]:
            yield id, PARSER.parsebytes(self.read(id), headersonly=True)

    def _ids(self) -> list[UUID]:
        return [UUID(file.stem) for file in self._folder.glob("????????-*.eml")]

    def read(self, id: UUID) -> bytes:
        try:
            return self._path(id).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("mail.not_found") from error

    def open(self, id: UUID) -> EmailMessage:
        return PARSER.parsebytes(self.read(id))

    def _path(self, id: UUID) -> Path:
        return self._folder / f"{id}.eml"
