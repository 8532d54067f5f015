"""Lists are read a page at a time, from where the last page ended; the cost of a page does not grow with the table.

A list is in the order of a unique key, or of another column and then that key. Where the last page ended is told by the
values themselves: whoever changes or goes meanwhile makes nobody else be left out, or come twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import Session

from .refusals import Fault, Invalid

MOST = 200
UNKNOWN = "field.unknown_cursor"


@dataclass(frozen=True)
class Place:
    """Where a page of a sorted list ended: at this value of the column that sorts it, as text, and at this key."""

    order: str
    value: str
    key: UUID


Cursor = UUID | Place


@dataclass(frozen=True)
class Page:
    """`next` is the cursor to ask with for what follows; None on the last page."""

    items: list[Any]
    next: Cursor | None


def page(
    session: Session, rows: Select[Any], key: Any, *, by: Any = None, after: Cursor | None = None, limit: int = 50
) -> Page:
    """`key` is the unique column of UUIDs that orders the list, alone or among those that are alike in `by`."""
    limit = min(limit, MOST)
    later = rows if after is None else rows.where(_comes_after(key, by, after))
    in_order = (key,) if by is None else (by, key)
    items = session.scalars(later.order_by(*in_order).limit(limit + 1)).all()
    more = len(items) > limit
    return Page(list(items[:limit]), next=_place_of(items[limit - 1], key, by) if more else None)


def _comes_after(key: Any, by: Any, after: Cursor) -> ColumnElement[bool]:
    if by is None and isinstance(after, UUID):
        later: ColumnElement[bool] = key > after
        return later
    if by is not None and isinstance(after, Place) and after.order == by.key:
        return tuple_(by, key) > tuple_(literal(_value_of(after, by), by.type), literal(after.key, key.type))
    raise unknown(after)


def _value_of(place: Place, by: Any) -> str | date:
    try:
        return date.fromisoformat(place.value) if by.type.python_type is date else place.value
    except ValueError as error:
        raise unknown(place) from error


def unknown(cursor: Cursor | str) -> Invalid:
    """It is of a list in another order, or nobody gave it to the caller."""
    return Invalid("request.unknown_cursor", faults=[Fault(UNKNOWN, field="after", value=str(cursor))])


def _place_of(item: Any, key: Any, by: Any) -> Cursor:
    id = getattr(item, key.key)
    return id if by is None else Place(by.key, str(getattr(item, by.key)), id)


def every(session: Session, rows: Select[Any], key: Any, *, by: Any = None) -> Iterator[Any]:
    """All of a list, however long, with never more than a page of it at a time."""
    after: Cursor | None = None
    while True:
        found = page(session, rows, key, by=by, after=after, limit=MOST)
        yield from found.items
        after = found.next
        if after is None:
            return
