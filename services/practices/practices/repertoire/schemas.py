"""What crosses HTTP of a practice: the shapes and bounds of what comes in, and what goes out."""

from typing import Any

from marshmallow import Schema, fields, validate

from shared.web.resources import Thing
from shared.web.text import Line, Text
from shared.web.utc import Utc

from .model import Audience, Cycle, Language, Setting, State

LONGEST_TITLE, LONGEST_TEXT, LONGEST_TAG = 200, 20_000, 50  # characters


MOST_TAGS = 12


def story(**more: Any) -> Text:
    return Text(longest=LONGEST_TEXT, may_be_blank=True, **more)


class CommunitySchema(Schema):
    id = fields.UUID(attribute="community.id")
    delegation_id = fields.UUID(attribute="community.delegation_id")
    name_fr = fields.String(attribute="community.name_fr")
    name_ar = fields.String(attribute="community.name_ar")
    member_count = fields.Integer()


class ReviseSchema(Schema):
    """What is left out stays as it is."""

    title = Line(longest=LONGEST_TITLE, may_be_blank=True)
    language = fields.Enum(Language, by_value=True)
    cycle = fields.Enum(Cycle, by_value=True)
    setting = fields.Enum(Setting, by_value=True)
    audience = fields.Enum(Audience, by_value=True)
    problem = story()
    what_was_done = story()
    result = story()
    resources = story()
    tags = fields.List(Line(longest=LONGEST_TAG), validate=validate.Length(max=MOST_TAGS))


class DraftSchema(Schema):
    """A draft may be blank; what is missing is asked for when it is published."""

    title = Line(longest=LONGEST_TITLE, may_be_blank=True, load_default="")
    language = fields.Enum(Language, by_value=True, required=True)
    cycle = fields.Enum(Cycle, by_value=True, load_default=Cycle.ALL)
    setting = fields.Enum(Setting, by_value=True, load_default=Setting.ANY)
    audience = fields.Enum(Audience, by_value=True, load_default=Audience.COMMUNITY)
    problem = story(load_default="")
    what_was_done = story(load_default="")
    result = story(load_default="")
    resources = story(load_default="")
    tags = fields.List(Line(longest=LONGEST_TAG), load_default=list, validate=validate.Length(max=MOST_TAGS))


class PracticeSchema(Thing):
    address = "/v1/practices/{id}"

    id = fields.UUID()
    community_id = fields.UUID()
    author_id = fields.UUID()
    author_name_fr = fields.String()
    author_name_ar = fields.String()
    state = fields.Enum(State, by_value=True, metadata={"title": "PracticeState"})
    title = fields.String()
    language = fields.Enum(Language, by_value=True)
    cycle = fields.Enum(Cycle, by_value=True)
    setting = fields.Enum(Setting, by_value=True)
    audience = fields.Enum(Audience, by_value=True)
    problem = fields.String()
    what_was_done = fields.String()
    result = fields.String()
    resources = fields.String()
    tags = fields.List(fields.String())
    published_at = Utc(allow_none=True)
