"""Asking to join, circles, and what a principal finds by themself, as they cross HTTP."""

from marshmallow import Schema, fields, validate

from membership.model import Circle, CommunityState, Cycle, MembershipState
from shared.web.json_values import Truth
from shared.web.text import Text
from shared.web.things import Thing
from shared.web.utc import Utc

from .communities import KnownCommunitySchema, MembershipSchema


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
        Circle,
        by_value=True,
        required=True,
        allow_none=True,
        validate=validate.OneOf([Circle.OUTER]),
        metadata={"title": "OwnChoice", "enum": [Circle.OUTER.value, None]},
    )


class MyMembershipSchema(MembershipSchema):
    """As members see each other, and what concerns oneself alone."""

    circle_choice = fields.Enum(Circle, by_value=True, allow_none=True)
    refusal_reason = fields.String(allow_none=True)


class RequestSchema(Thing):
    """Who asks, as far as it takes to decide."""

    id = fields.UUID(attribute="membership.id", required=True)
    community_id = fields.UUID(attribute="membership.community_id", required=True)
    principal_id = fields.UUID(attribute="membership.principal_id", required=True)
    name_fr = fields.String(attribute="principal.name_fr", required=True)
    name_ar = fields.String(attribute="principal.name_ar", required=True)
    cycle = fields.Enum(Cycle, by_value=True, attribute="principal.cycle", required=True)
    school_code = fields.String(attribute="principal.school_code", required=True)
    state = fields.Enum(MembershipState, by_value=True, attribute="membership.state", required=True)
    requested_at = Utc(attribute="membership.requested_at", required=True)
    answer_by = Utc(
        attribute="membership.answer_by", required=True, metadata={"description": "After that, the request lapses."}
    )
    channel = fields.String(attribute="membership.channel", required=True)


class BelongingSchema(Schema):
    membership = fields.Nested(MyMembershipSchema, required=True)
    community = fields.Nested(KnownCommunitySchema, required=True)


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
