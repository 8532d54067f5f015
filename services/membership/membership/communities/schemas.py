"""Communities, canvases, rules and alarms as they cross HTTP."""

from marshmallow import Schema, fields, validate, validates_schema

from shared.domain.refusals import Invalid
from shared.web.json_values import Truth, Whole
from shared.web.resources import Thing
from shared.web.text import Line, Text
from shared.web.utc import Utc

from .model.alarm import Silence
from .model.canvas import CanvasState
from .model.life import CommunityState


class CommunityRequest(Schema):
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


class AccompanimentSchema(Schema):
    community_id = fields.UUID(required=True)
    companion_id = fields.UUID(required=True)
    given_at = Utc(required=True)


def _thought(about: str) -> Text:
    return Text(load_default="", may_be_blank=True, longest=5000, metadata={"description": about})


class CanvasRequest(Schema):
    """May be saved half-filled, or empty: what is left out is blank."""

    name_fr = Line(load_default="", may_be_blank=True, longest=200)
    name_ar = Line(load_default="", may_be_blank=True, longest=200)
    strategic_objectives = _thought("What the community is for in the long run.")
    operational_objectives = _thought("What it wants to have reached within a year.")
    key_people = _thought("Who has a key part in the issue, and must be approached.")
    issue = _thought("The issue that they share.")
    expected_results = _thought("What will be there that is not there today.")
    resources = _thought("Time, rooms, tools, knowledge.")
    management_support = _thought("What the Delegation and the heads give, and have promised.")


class CanvasSchema(Thing):
    address = "/v1/canvases/{id}"

    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True)
    principal_id = fields.UUID(allow_none=True, metadata={"description": "Its author, where a principal drafted it."})
    state = fields.Enum(CanvasState, by_value=True, required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    strategic_objectives = fields.String(required=True)
    operational_objectives = fields.String(required=True)
    key_people = fields.String(required=True)
    issue = fields.String(required=True)
    expected_results = fields.String(required=True)
    resources = fields.String(required=True)
    management_support = fields.String(required=True)
    missing = fields.List(fields.String(), required=True, metadata={"description": "What founding still needs."})
    drafted_at = Utc(required=True)
    community_id = fields.UUID(allow_none=True)
    founded_at = Utc(allow_none=True)


class FoundingRequest(Schema):
    is_home = Truth(load_default=True, metadata={"description": "Territorial; false for a thematic community."})
    quorum_percent = Whole(load_default=50, validate=validate.Range(1, 100))
    mandate_months = Whole(load_default=12, validate=validate.Range(1, 60))


class RulesRequest(Schema):
    """What the members adopted, in one language at least."""

    adopted_on = fields.Date(required=True, metadata={"description": "The day of the meeting that adopted them."})
    quorum_percent = Whole(required=True, validate=validate.Range(1, 100))
    mandate_months = Whole(required=True, validate=validate.Range(1, 60))
    meeting_rhythm_weeks = Whole(required=True, validate=validate.Range(1, 52))
    text_fr = Text(load_default="", may_be_blank=True, longest=20_000)
    text_ar = Text(load_default="", may_be_blank=True, longest=20_000)

    @validates_schema
    def demand_text(self, wish: dict, **_more: object) -> None:
        if not (wish.get("text_fr") or wish.get("text_ar")):
            raise Invalid("rules.no_text")


class RulesSchema(Thing):
    address = "/v1/communities/{community_id}/rules/{edition_number}"

    id = fields.UUID(required=True)
    community_id = fields.UUID(required=True)
    edition = fields.Integer(required=True, attribute="edition_number")
    adopted_on = fields.Date(required=True)
    quorum_percent = fields.Integer(required=True)
    mandate_months = fields.Integer(required=True)
    meeting_rhythm_weeks = fields.Integer(required=True)
    text_fr = fields.String(required=True)
    text_ar = fields.String(required=True)


class AlarmSchema(Schema):
    reason = fields.Enum(Silence, by_value=True, required=True)
    dormant_on = fields.Date(required=True)
