"""Lists are read a page at a time, from where the last page ended; the cost of a page does not grow with the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

MOST = 200


@dataclass(frozen=True)
class Page:
    """`next` is the cursor to ask with for what follows; None on the last page."""

    items: list[Any]
    next: UUID | None


def page(session: Session, rows: Select, key: Any, *, after: UUID | None = None, limit: int = 50) -> Page:
    """`key` is the unique column of UUIDs that orders the list."""
    limit = min(limit, MOST)
    later = rows.where(key > after) if after else rows
    items = list(session.scalars(later.order_by(key).limit(limit + 1)))
    more = len(items) > limit
    return Page(items[:limit], next=getattr(items[limit - 1], key.key) if more else None)


def every(session: Session, rows: Select, key: Any) -> Iterator[Any]:
    """All of a list, however long, with never more than a page of it at a time."""
    after: UUID | None = None
    while True:
        found = page(session, rows, key, after=after, limit=MOST)
        yield from found.items
        after = found.next
        if after is None:
            return
