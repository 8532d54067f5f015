"""Mouvements and histories of people as they cross HTTP."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from membership.communities import AccompanimentState
from membership.ground import Code
from membership.joining import StaySchema, WithoutHome
from membership.organisation import OperationState
from membership.people import Absence, HeldCompanionSchema, HeldOfficeSchema, PostingSchema
from shared.web.problems import reason_of
from shared.web.text import Text
from shared.web.utc import Utc

from .model.transfer import Home
from .use_cases.mouvements import MoveWish

MOST_MOVES = 3000
PERSON, POST = ("principal_id", "ppr"), ("school_code", "absence")
EITHER = PERSON + POST
ABSENCES = [str(absence) for absence in Absence if absence is not Absence.ERASED]


def _one_of_each(person: str, post: str) -> dict[str, Any]:
    """Of the two that name the person, and of the two that say where to, these; of the others null or nothing."""
    given = {name: {"not": {"type": "null"}} if name in (person, post) else {"type": "null"} for name in EITHER}
    return {"required": [person, post], "properties": given}


class MoveEntry(Schema):
    """Who, by one of the two; and where, by one of the two."""

    principal_id = fields.UUID(load_default=None)
    ppr = Text(longest=20, load_default=None)
    school_code = Code(longest=20, load_default=None)
    absence = fields.String(load_default=None, validate=validate.OneOf(ABSENCES), metadata={"title": "MoveAbsence"})
    community = fields.String(
        load_default="stay",
        validate=validate.OneOf(["follow", "stay"]),
        metadata={
            "title": "CommunityChoice",
            "description": "`follow`: they leave their home community, and are invited to that of the new place.",
        },
    )

    @validates_schema
    def name_one_of_each(self, entry: dict[str, Any], **_: Any) -> None:
        if (entry.get("principal_id") is None) is (entry.get("ppr") is None):
            raise ValidationError("mouvement.one_person", "ppr")
        if (entry.get("school_code") is None) is (entry.get("absence") is None):
            raise ValidationError("mouvement.one_post", "school_code")

    @post_load
    def as_wish(self, entry: dict[str, Any], **_: Any) -> MoveWish:
        absence, community = entry.pop("absence"), entry.pop("community")
        return MoveWish(**entry, absence=absence and Absence(absence), follows=community == "follow")


CHOICES = [_one_of_each(person, post) for person in PERSON for post in POST]


class MouvementQuery(Schema):
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Tell what would come of it; decide nothing."}
    )


class MouvementRequest(Schema):
    effective_on = fields.Date(required=True)
    note = Text(longest=2000, load_default=None, allow_none=True)
    moves = fields.List(
        fields.Nested(MoveEntry, metadata={"anyOf": CHOICES}), required=True, validate=validate.Length(1, MOST_MOVES)
    )


class PlannedMoveSchema(Schema):
    principal_id = fields.UUID(required=True)
    from_school_code = fields.Function(lambda planned: planned.from_school and planned.from_school.code,
                                       metadata={"type": ["string", "null"]})  # fmt: skip
    from_absence = fields.Enum(Absence, by_value=True, allow_none=True, attribute="before.absence")
    to_school_code = fields.Function(lambda planned: planned.move.school and planned.move.school.code,
                                     metadata={"type": ["string", "null"]})  # fmt: skip
    to_absence = fields.Enum(Absence, by_value=True, allow_none=True, attribute="move.absence")
    changes_cycle = fields.Boolean(required=True)
    changes_delegation = fields.Boolean(required=True)
    home_id = fields.UUID(allow_none=True, metadata={"description": "Their home community now."})
    home = fields.Enum(Home, by_value=True, required=True, metadata={"description": "What becomes of it."})
    invited_to_id = fields.UUID(allow_none=True, metadata={"description": "The home community that will ask them."})


class ConflictSchema(Schema):
    line = fields.Integer(required=True, metadata={"description": "Which move, counted from 0."})
    field = fields.String(required=True)
    value = fields.String(allow_none=True)
    code = fields.String(required=True)
    reason = fields.Function(reason_of, required=True, metadata={"type": "string"})


class MouvementPlanSchema(Schema):
    operation_id = fields.UUID(allow_none=True)
    state = fields.Enum(OperationState, by_value=True, allow_none=True)
    effective_on = fields.Date(required=True)
    moves = fields.List(fields.Nested(PlannedMoveSchema), required=True)
    conflicts = fields.List(fields.Nested(ConflictSchema), required=True, attribute="faults")
    vacated = fields.Function(lambda plan: [school.code for school in plan.vacated],
                              metadata={"type": "array", "items": {"type": "string"}})  # fmt: skip
    filled = fields.Function(lambda plan: [school.code for school in plan.filled],
                             metadata={"type": "array", "items": {"type": "string"}})  # fmt: skip


class TransferSchema(Schema):
    operation_id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    school_id = fields.UUID(allow_none=True)
    absence = fields.Enum(Absence, by_value=True, allow_none=True)
    follows = fields.Boolean(required=True)
    home = fields.Enum(Home, by_value=True, required=True)
    community_id = fields.UUID(allow_none=True, metadata={"description": "The home community that they left by it."})
    invited_to_id = fields.UUID(allow_none=True)


class HistorySchema(Schema):
    principal_id = fields.UUID(required=True)
    postings = fields.List(fields.Nested(PostingSchema), required=True)
    stays = fields.List(fields.Nested(StaySchema), required=True)


class HomelessSchema(Schema):
    principal_id = fields.UUID(required=True, attribute="principal.id")
    school_code = fields.String(required=True, attribute="principal.school_code")
    name_fr = fields.String(required=True, attribute="principal.name_fr")
    name_ar = fields.String(required=True, attribute="principal.name_ar")
    reason = fields.Enum(WithoutHome, by_value=True, required=True)


class HeldAccompanimentSchema(Schema):
    community_id = fields.UUID(required=True)
    state = fields.Enum(AccompanimentState, by_value=True, required=True)
    given_at = Utc(required=True)
    ended_at = Utc(allow_none=True)


class MyEntriesSchema(Schema):
    person_id = fields.UUID(allow_none=True)
    offices = fields.List(fields.Nested(HeldOfficeSchema), required=True)
    companion = fields.Nested(HeldCompanionSchema, allow_none=True)
    accompaniments = fields.List(fields.Nested(HeldAccompanimentSchema), required=True)
