"""A person's data, gathered for the archive that membership keeps: each service answers with what it holds, in parts.

ArchiveAsked ──> everything_about(person) ──> parts, each an event ──> membership puts the archive together
ArchiveDeleted ──> what the parts said is blanked in the outbox; that they were told stays
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase
from shared.domain.entity import Entity
from shared.domain.paging import every
from shared.events import ArchiveAsked, PartGathered, decode, encode

from .outbox import OutboxRow

# Quoted once more on its way, a part at most doubles: still far below the largest event that a broker takes.
LARGEST_PART = 256 * 1024  # bytes, unless one record alone is larger

Record = tuple[str, dict[str, Any]]
"""What kind of thing it is, and the thing in words and values that people can read."""


@dataclass(frozen=True)
class Holding:
    """Rows about one person: what kind of thing they are, the column that orders them, the fields that are shown."""

    kind: str
    rows: Select[Any]
    key: Any
    shown: tuple[str, ...]


def records(session: Session, holdings: Iterable[Holding]) -> Iterator[Record]:
    """What these rows say, a page at a time."""
    for holding in holdings:
        for thing in every(session, holding.rows, holding.key):
            yield holding.kind, {name: getattr(thing, name) for name in holding.shown}


class Gathering(Entity, MessagingBase):
    """The answer to one archive that was asked: given once, however often the question is heard."""

    __tablename__ = "archive_gathering"

    principal_id: Mapped[UUID] = mapped_column(index=True)

    @classmethod
    def answer(cls, asked: ArchiveAsked, told: type[PartGathered], contents: list[str]) -> Self:
        gathering = cls(id=asked.archive_id, principal_id=asked.principal_id)
        whose = {"archive_id": asked.archive_id, "principal_id": asked.principal_id}
        for number, content in enumerate(contents, 1):
            gathering.record(told(**whose, number=number, parts=len(contents), content=content))
        return gathering


def gather(session: Session, asked: ArchiveAsked, told: type[PartGathered], found: Iterable[Record]) -> None:
    """Tell what is held here about the person: `found`, read only if they were not told before."""
    if session.get(Gathering, asked.archive_id) is None:
        session.add(Gathering.answer(asked, told, packed(found)))


def packed(found: Iterable[Record]) -> list[str]:
    """JSON objects, each of bounded size: kinds of things, and the things. One at least, which may be empty."""
    parts: list[dict[str, list[dict[str, Any]]]] = [{}]
    size = 0
    for kind, record in found:
        size += len(msgspec.json.encode(record))
        if size > LARGEST_PART and parts[-1]:
            parts.append({})
            size = len(msgspec.json.encode(record))
        parts[-1].setdefault(kind, []).append(record)
    return [msgspec.json.encode(part).decode() for part in parts]


def blank(session: Session, archive_id: UUID) -> None:
    """What was told for the archive loses its content; its place in the log stays, so that no reader stumbles."""
    mine = (OutboxRow.aggregatetype == Gathering.__tablename__) & (OutboxRow.aggregateid == str(archive_id))
    for row in session.scalars(select(OutboxRow).where(mine)):
        row.payload = _without_content(row.payload)


def _without_content(payload: str) -> str:
    envelope = decode(payload)
    emptied = msgspec.json.decode(envelope.data) | {"content": "{}"}
    return encode(msgspec.structs.replace(envelope, data=msgspec.Raw(msgspec.json.encode(emptied)))).decode()
