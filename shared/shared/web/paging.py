"""How a page of a list crosses HTTP: `?after=&limit=` in, `{"items": [...], "next": ...}` out; some can be sorted.

    class PrincipalsRequest(SortedRequest):
        sort = fields.Enum(PrincipalOrder, by_value=True, load_default=PrincipalOrder.ID)

Of a list that can be sorted, `next` is told as a text that only we read; in the order of ids it is an id, as elsewhere.
"""

import base64
import json
import re
from functools import cache
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from shared.domain.paging import MOST, Cursor, Place, unknown

from .items import Items
from .text import Text

AN_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
LONGEST = 4000  # characters
SHOWN = 200  # of one that nobody gave


class PageRequest(Schema):
    after: fields.Field[Any] = fields.UUID(
        load_default=None, metadata={"description": "The `next` of the page before."}
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


class CursorField(fields.String):
    """A place in a list, in whatever order."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        return _written(value) if isinstance(value, Place) else str(value) if value else None

    # Written as text, as every String is, and read as a place.
    def _deserialize(  # type: ignore[override]
        self, value: Any, attr: str | None, data: Any, **more: Any
    ) -> Cursor:
        try:
            return _read(super()._deserialize(value, attr, data, **more)[:LONGEST])
        except (ValueError, TypeError, RecursionError) as error:
            raise unknown(str(value)[:SHOWN]) from error


class SortedRequest(PageRequest):
    """For lists that can be sorted; `sort` is said by each."""

    after: fields.Field[Any] = CursorField(
        load_default=None,
        metadata={"description": "The `next` of the page before, in the same order.", "maxLength": LONGEST},
    )


@cache
def paged(item: type[Schema], *, is_sorted: bool = False) -> Schema:
    """The schema of one page of such items."""
    following: fields.Field[Any] = CursorField(allow_none=True) if is_sorted else fields.UUID(allow_none=True)
    shape: dict[str, fields.Field[Any]] = {"items": Items(fields.Nested(item), required=True), "next": following}
    return Schema.from_dict(shape, name=f"{item.__name__.removesuffix('Schema')}Page")()


def _written(place: Place) -> str:
    told = json.dumps([place.order, place.value, str(place.key)], ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read(written: str) -> Cursor:
    if AN_ID.fullmatch(written):
        return UUID(written)
    order, value, key = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    if not isinstance(value, str) or Text.refused.search(value):
        raise ValueError(value)
    return Place(order, value, UUID(key))
