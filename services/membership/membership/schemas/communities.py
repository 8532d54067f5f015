"""Communities, invitations and members as they cross HTTP."""

from marshmallow import Schema, ValidationError, fields, validate

from membership.model import ATTITUDES, CURRENT_VERSION, VERSIONS, Circle, CommunityState, MembershipState
from shared.web.json_values import Truth, Whole
from shared.web.text import Text
from shared.web.things import Thing
from shared.web.utc import Utc


def _all_attitudes(shown: list[str]) -> None:
    if sorted(shown) != sorted(ATTITUDES):
        raise ValidationError("consent.attitudes")


class CommunityWish(Schema):
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    is_home = Truth(load_default=True, metadata={"description": "Territorial; false for a thematic community."})
    is_open = Truth(
        load_default=False,
        metadata={"description": "Thematic: whether principals from elsewhere in the academy may ask to join."},
    )
    theme_fr = Text(longest=300, load_default=None, allow_none=True)
    theme_ar = Text(longest=300, load_default=None, allow_none=True)
    quorum_percent = Whole(load_default=50, validate=validate.Range(1, 100))
    mandate_months = Whole(load_default=12, validate=validate.Range(1, 60))


class KnownCommunitySchema(Thing):
    """A community as whoever was once asked there, or has asked, may know it; who coordinates is shown to members."""

    address = "/v1/communities/{id}"

    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True)
    state = fields.Enum(CommunityState, by_value=True, required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    is_home = fields.Boolean(required=True)
    is_open = fields.Boolean(required=True)
    theme_fr = fields.String(allow_none=True)
    theme_ar = fields.String(allow_none=True)


class CommunitySchema(KnownCommunitySchema):
    quorum_percent = fields.Integer(required=True)
    mandate_months = fields.Integer(required=True)
    coordinator_id = fields.UUID(allow_none=True)
    mandate_ends_on = fields.Date(allow_none=True)


class InvitationsWish(Schema):
    principal_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 100))
    answer_by = Utc(required=True)


class ConsentWish(Schema):
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


class AnswerWish(Schema):
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
