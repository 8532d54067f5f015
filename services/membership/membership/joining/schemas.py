"""Members, requests, circles and stays as they cross HTTP."""

from marshmallow import Schema, ValidationError, fields, validate

from membership.communities import CommunityState, KnownCommunitySchema
from membership.organisation import Cycle
from shared.web.json_values import Truth
from shared.web.paging import PageRequest
from shared.web.resources import Thing
from shared.web.text import Text
from shared.web.utc import Utc

from .model.circle import Circle
from .model.consent_texts import ATTITUDES, CURRENT_VERSION, VERSIONS
from .model.leaving import Leaving
from .model.membership import MembershipState


def _all_attitudes(shown: list[str]) -> None:
    if sorted(shown) != sorted(ATTITUDES):
        raise ValidationError("consent.attitudes")


class InvitationsRequest(Schema):
    principal_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 100))
    answer_by = Utc(required=True)


class ConsentRequest(Schema):
    """The yes names all six attitudes: they were shown."""

    attitudes = fields.List(
        fields.String(metadata={"title": "AttitudeName", "enum": list(ATTITUDES)}),
        required=True,
        validate=_all_attitudes,
        metadata={"minItems": len(ATTITUDES), "maxItems": len(ATTITUDES), "uniqueItems": True},
    )
    channel = fields.String(
        load_default="portal", validate=validate.OneOf(["portal", "mail", "paper"]), metadata={"title": "Channel"}
    )
    text_version = fields.String(
        load_default=CURRENT_VERSION,
        validate=validate.OneOf(VERSIONS),
        metadata={
            "title": "ConsentVersion",
            "description": "Which version of the text was shown: see /v1/consent-texts.",
        },
    )


class AnswerRequest(Schema):
    channel = fields.String(
        load_default="portal", validate=validate.OneOf(["portal", "mail", "paper"]), metadata={"title": "Channel"}
    )


class MembershipSchema(Thing):
    id = fields.UUID(required=True)
    community_id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    state = fields.Enum(MembershipState, by_value=True, required=True)
    answer_by = Utc(required=True, metadata={"description": "After that, an invitation or a request lapses."})
    requested_at = Utc(allow_none=True)
    answered_at = Utc(allow_none=True)
    channel = fields.String(allow_none=True)
    joined_at = Utc(allow_none=True)
    left_at = Utc(allow_none=True)
    circle = fields.Enum(Circle, by_value=True, required=True, metadata={"description": "Shown, and never a rank."})


class InvitationsReport(Schema):
    invited = fields.List(fields.UUID(), required=True)
    already = fields.List(
        fields.UUID(), required=True, metadata={"description": "Invited before, members, or asking to be."}
    )


class ThemeRequest(Schema):
    """What a community works on; without a theme it says nothing of it."""

    is_open = Truth(
        required=True, metadata={"description": "Whether principals from elsewhere in the academy may ask to join."}
    )
    theme_fr = Text(longest=300, load_default=None, allow_none=True)
    theme_ar = Text(longest=300, load_default=None, allow_none=True)


class RefusalOfRequestWish(Schema):
    reason = Text(required=True, longest=2000, metadata={"description": "Told to whoever asked."})


class CircleRequest(Schema):
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


class StaysRequest(PageRequest):
    as_of = Utc(
        load_default=None, metadata={"description": "Who belonged to it at that moment; all ever, if left out."}
    )


class StaySchema(Schema):
    id = fields.UUID(required=True)
    community_id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    is_home = fields.Boolean(required=True)
    joined_at = Utc(required=True)
    left_at = Utc(allow_none=True)
    leaving = fields.Enum(Leaving, by_value=True, allow_none=True)
