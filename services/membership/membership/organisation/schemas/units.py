"""Units of the tree, zones, levels and operations as they cross HTTP."""

from typing import Any

from marshmallow import Schema, fields, validate

from shared.domain.refusals import Refused
from shared.web.json_values import Truth
from shared.web.paging import PageRequest
from shared.web.problems import reason_of, told
from shared.web.resources import Thing
from shared.web.text import Line, Text
from shared.web.utc import Utc

from ..model.history import Change, kept
from ..model.levels import Level
from ..model.operation import Operation, OperationKind, OperationState
from ..model.organisation import ZoneKind

MOST_PARTS = 20
MOST_UNITS = 2000


def opened_on() -> fields.Date:
    return fields.Date(
        allow_none=True,
        load_default=None,
        metadata={"description": "Since when it stands, when it is new; left out, ever since."},
    )


class ZoneEntry(Schema):
    kind = fields.Enum(ZoneKind, by_value=True, required=True)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    around_code = Text(
        longest=20,
        allow_none=True,
        load_default=None,
        metadata={"description": "Of the zone in which it lies, if any."},
    )
    opened_on = opened_on()


class ZoneSchema(Thing):
    address = "/v1/delegations/{delegation_id}/zones/by-code/{code}"

    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True)
    around_id = fields.UUID(allow_none=True)
    kind = fields.Enum(ZoneKind, by_value=True, required=True)
    code = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    closed_on = fields.Date(allow_none=True)


class LevelNamesRequest(Schema):
    one_fr = Line(required=True, longest=60)
    many_fr = Line(required=True, longest=60)
    one_ar = Line(required=True, longest=60)
    many_ar = Line(required=True, longest=60)
    one_en = Line(required=True, longest=60)
    many_en = Line(required=True, longest=60)


class LevelNameSchema(Thing):
    level = fields.Enum(Level, by_value=True, required=True)
    place = fields.Integer(required=True, metadata={"description": "Counted from the top of the tree."})
    one_fr = fields.String(required=True)
    many_fr = fields.String(required=True)
    one_ar = fields.String(required=True)
    many_ar = fields.String(required=True)
    one_en = fields.String(required=True)
    many_en = fields.String(required=True)


class LevelNamesSchema(Schema):
    items = fields.List(fields.Nested(LevelNameSchema), required=True)


class AsOf(Schema):
    as_of = fields.Date(load_default=None, metadata={"description": "How it stood on that day; today, if left out."})


class UnitsRequest(PageRequest):
    as_of = fields.Date(load_default=None, metadata={"description": "How they stood on that day."})
    under = fields.UUID(load_default=None, metadata={"description": "Only what lay below this unit then."})
    level = fields.Enum(Level, by_value=True, load_default=None)


class UnitSchema(Schema):
    id = fields.UUID(required=True, attribute="unit_id")
    level = fields.Enum(Level, by_value=True, required=True)
    code = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    parent_id = fields.UUID(allow_none=True)
    since = fields.Date(required=True, attribute="starts_on", metadata={"description": "1900-01-01: ever since."})
    until = fields.Date(
        allow_none=True, attribute="ends_on", metadata={"description": "From that day on, otherwise or no more."}
    )
    operation_id = fields.UUID(allow_none=True, metadata={"description": "What made it stand so."})


class UnitsSchema(Schema):
    items = fields.List(fields.Nested(UnitSchema), required=True)


class DryRun(Schema):
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Say what would happen; change nothing."})


class _Decided(Schema):
    effective_on = fields.Date(required=True, metadata={"description": "The first day; it may lie in the past."})
    note = Text(longest=2000, allow_none=True, load_default=None)


class PartRequest(Schema):
    code = Text(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    zone_kind = fields.Enum(ZoneKind, by_value=True, load_default=None, metadata={"description": "Of a zone."})
    takes = fields.List(fields.UUID(), required=True, validate=validate.Length(0, MOST_UNITS))


class UnitSplitRequest(_Decided):
    parts = fields.List(fields.Nested(PartRequest), required=True, validate=validate.Length(1, MOST_PARTS))
    closes = Truth(load_default=False, metadata={"description": "All that lies below it goes to the parts."})


class UnitMergeRequest(_Decided):
    merged = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST_PARTS),
        metadata={"uniqueItems": True, "description": "All that lies below them comes to this unit; they close."},
    )


class UnitMoveRequest(_Decided):
    parent_id = fields.UUID(required=True)


class UnitRenameRequest(_Decided):
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)


class UnitOpenRequest(_Decided):
    parent_id = fields.UUID(
        allow_none=True, load_default=None, metadata={"description": "Where it stood last, if left out."}
    )


class UnitCloseRequest(_Decided):
    pass


class UnitChangeSchema(Schema):
    unit_id = fields.UUID(required=True)
    level = fields.Enum(Level, by_value=True, required=True)
    what = fields.String(
        required=True,
        validate=validate.OneOf(["opened", "closed", "moved", "renamed"]),
        metadata={"title": "ChangeOfUnit"},
    )
    code = fields.String(required=True, attribute="shown.code")
    name_fr = fields.String(required=True, attribute="shown.name_fr")
    name_ar = fields.String(required=True, attribute="shown.name_ar")
    from_parent_id = fields.UUID(allow_none=True)
    to_parent_id = fields.UUID(allow_none=True)


def _unit_changes(operation: Operation) -> list[dict[str, Any]]:
    return UnitChangeSchema(many=True).dump(kept(operation.changes, Change))


def _said(hindrance: dict[str, Any]) -> str:
    return told(Refused(hindrance["code"], **hindrance["facts"]))["detail"]


class HindranceSchema(Schema):
    code = fields.String(required=True)
    reason = fields.Function(
        _said, required=True, metadata={"type": "string", "description": "In the caller's language."}
    )


class OperationLine(Thing):
    id = fields.UUID(required=True)
    kind = fields.Enum(OperationKind, by_value=True, required=True)
    state = fields.Enum(OperationState, by_value=True, required=True)
    scope_id = fields.UUID(required=True, metadata={"description": "The unit in whose reach all of it lies."})
    effective_on = fields.Date(required=True)
    decided_by = fields.String(required=True)
    decided_at = Utc(required=True)
    note = fields.String(allow_none=True)
    undone_by = fields.String(allow_none=True)
    undone_at = Utc(allow_none=True)
    hindrance = fields.Nested(
        HindranceSchema,
        required=True,
        allow_none=True,
        metadata={"description": "What is in the way, where it could not take effect on its day; it is tried again."},
    )
    hindered_at = Utc(required=True, allow_none=True)


class OperationSchema(OperationLine):
    address = "/v1/operations/{id}"

    changes = fields.Function(
        _unit_changes,
        metadata={
            "type": "array",
            "items": {"$ref": "#/components/schemas/UnitChange"},
            "description": "Of units; a mouvement changes none.",
        },
    )


class ConsequencesSchema(Schema):
    """How many of what lie elsewhere afterwards."""

    schools = fields.Integer(required=True)
    principals = fields.Integer(required=True)
    communities = fields.Integer(required=True, metadata={"description": "With members among these principals."})
    elections_under_way = fields.Integer(required=True)
    officers = fields.Integer(required=True, metadata={"description": "Whose reach changes."})


class CarriedCommunitySchema(Schema):
    community_id = fields.UUID(required=True)
    from_delegation_id = fields.UUID(required=True, attribute="from_id")
    to_delegation_id = fields.UUID(required=True, attribute="to_id")


class DecisionWarningSchema(Schema):
    code = fields.String(required=True)
    reason = fields.Function(reason_of, required=True, metadata={"type": "string"})


class DecisionSchema(Thing):
    """What was decided, or by a dry run would be, and what follows."""

    address = "/v1/operations/{id}"

    dry_run = fields.Boolean(required=True, attribute="is_dry_run")
    operation = fields.Nested(OperationLine, required=True, metadata={"description": "Of a dry run, nothing is kept."})
    changes = fields.List(fields.Nested(UnitChangeSchema), required=True)
    consequences = fields.Nested(ConsequencesSchema, required=True)
    communities = fields.List(
        fields.Nested(CarriedCommunitySchema),
        required=True,
        attribute="carried",
        metadata={"description": "Those that go to another Delegation."},
    )
    warnings = fields.List(fields.Nested(DecisionWarningSchema), required=True)


class OperationsRequest(PageRequest):
    state = fields.Enum(OperationState, by_value=True, load_default=None)
    under = fields.UUID(load_default=None, metadata={"description": "Only what was decided for units below this one."})
