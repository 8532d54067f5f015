"""What crosses HTTP of minutes."""

from marshmallow import Schema, fields, validate

from shared.web.resources import Thing
from shared.web.text import Text

from .model import State

LONGEST_LINE, LONGEST_TEXT = 2000, 20_000  # characters
MOST_ITEMS = 50


class ActionSchema(Schema):
    what = Text(required=True, longest=LONGEST_LINE)
    by = fields.UUID(required=True)
    due_on = fields.Date(required=True)


class WriteMinutesSchema(Schema):
    """The whole draft: what is left out is blank."""

    summary = Text(longest=LONGEST_TEXT, may_be_blank=True, load_default="")
    discussion = Text(
        longest=LONGEST_TEXT,
        may_be_blank=True,
        load_default="",
        metadata={"description": "For the members of the community alone."},
    )
    decisions = fields.List(Text(longest=LONGEST_LINE), load_default=list, validate=validate.Length(max=MOST_ITEMS))
    actions = fields.List(fields.Nested(ActionSchema), load_default=list, validate=validate.Length(max=MOST_ITEMS))


class StoredActionSchema(Schema):
    what = fields.String()
    by = fields.String()
    due_on = fields.String()


class MinutesSchema(Thing):
    address = "/v1/meetings/{meeting_id}/minutes"

    meeting_id = fields.UUID()
    state = fields.Enum(State, by_value=True, metadata={"title": "MinutesState"})
    summary = fields.String()
    discussion = fields.String(allow_none=True)
    decisions = fields.List(fields.String())
    actions = fields.List(fields.Nested(StoredActionSchema))
