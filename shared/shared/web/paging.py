"""How a page of a list crosses HTTP: `?after=&limit=` in, `{"items": [...], "next": ...}` out."""

from marshmallow import Schema, fields, validate

from shared.domain.paging import MOST


class PageWish(Schema):
    after = fields.UUID(load_default=None, metadata={"description": "The `next` of the page before."})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


def paged(item: type[Schema]) -> Schema:
    """The schema of one page of such items."""
    shape = {"items": fields.List(fields.Nested(item), required=True), "next": fields.UUID(allow_none=True)}
    return Schema.from_dict(shape, name=f"{item.__name__.removesuffix('Schema')}Page")()
