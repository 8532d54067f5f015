"""Asking to join, circles, and what a principal finds by themself, as they cross HTTP."""

from marshmallow import Schema, fields, validate

from membership.model import Circle, CommunityState
from shared.web.json_values import Truth
from shared.web.text import Text
from shared.web.things import Thing

from .communities import CommunitySchema, MembershipSchema


class ThemeWish(Schema):
    """What a community works on; without a theme it says nothing of it."""

    is_open = Truth(
        required=True, metadata={"description": "Whether principals from elsewhere in the academy may ask to join."}
    )
    theme_fr = Text(longest=300, load_default=None, allow_none=True)
    theme_ar = Text(longest=300, load_default=None, allow_none=True)


class RefusalOfRequestWish(Schema):
    reason = Text(required=True, longest=2000, metadata={"description": "Told to whoever asked."})


class CircleWish(Schema):
    """One's own choice counts before all else; null lifts it."""

    choice = fields.Enum(
        Circle, by_value=True, required=True, allow_none=True, validate=validate.OneOf([Circle.OUTER, None])
    )


class MyMembershipSchema(MembershipSchema):
    """As members see each other, and what concerns oneself alone."""

    circle_choice = fields.Enum(Circle, by_value=True, allow_none=True)
    refusal_reason = fields.String(allow_none=True)


class BelongingSchema(Schema):
    membership = fields.Nested(MyMembershipSchema, required=True)
    community = fields.Nested(CommunitySchema, required=True)


class NeighbourSchema(Thing):
    """A community at a glance; nothing about its members but how many they are."""

    id = fields.UUID(attribute="community.id", required=True)
    delegation_id = fields.UUID(attribute="community.delegation_id", required=True)
    name_fr = fields.String(attribute="community.name_fr", required=True)
    name_ar = fields.String(attribute="community.name_ar", required=True)
    theme_fr = fields.String(attribute="community.theme_fr", allow_none=True)
    theme_ar = fields.String(attribute="community.theme_ar", allow_none=True)
    is_home = fields.Boolean(attribute="community.is_home", required=True)
    state = fields.Enum(CommunityState, by_value=True, attribute="community.state", required=True)
    size = fields.Integer(required=True)
