"""Routes of operations on units: decided for a day, with a plan beforehand, and taken back."""

from typing import Any
from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.paging import paged
from shared.web.things import Blueprint

operations = Blueprint("operations", __name__, description="Units split, merged, moved, renamed, closed, on one day")

UNTIMELY = ("unit.not_open_then", "operation.later_change", "operation.nothing_changes")
UNSOUND = (
    "unit.parent_closed",
    "unit.level_order",
    "unit.satellite_of_satellite",
    "unit.circle_or_too_deep",
    "unit.principal_in_post",
    "unit.people_left",
)


def decided(decision: Any) -> tuple[Any, int]:
    return decision, 200 if decision.is_dry_run else 201


@operations.post("/v1/units/<uuid:unit_id>/split")
@raises(
    "unit.code_taken",
    "operation.level_stays",
    "operation.not_below",
    "operation.taken_twice",
    "operation.children_left",
    *UNSOUND,
    *UNTIMELY,
)
@operations.arguments(schemas.DryRun, location="query")
@operations.arguments(schemas.UnitSplitWish)
@operations.alt_response(201, schema=schemas.DecisionSchema, success=True)
@operations.response(200, schemas.DecisionSchema)
@audited(persons="person_ids")
def split_unit(query, wish, unit_id: UUID):
    """Split a unit: new ones of its level take some or all of what lies right below it."""
    return decided(use_cases.split_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/merge")
@raises("operation.not_alike", *UNSOUND, *UNTIMELY)
@operations.arguments(schemas.DryRun, location="query")
@operations.arguments(schemas.UnitMergeWish)
@operations.alt_response(201, schema=schemas.DecisionSchema, success=True)
@operations.response(200, schemas.DecisionSchema)
@audited(persons="person_ids")
def merge_units(query, wish, unit_id: UUID):
    """Merge other units of its level into this one: what lies below them comes here, and they close."""
    return decided(use_cases.merge_units(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/move")
@raises(*UNSOUND, *UNTIMELY)
@operations.arguments(schemas.DryRun, location="query")
@operations.arguments(schemas.UnitMoveWish)
@operations.alt_response(201, schema=schemas.DecisionSchema, success=True)
@operations.response(200, schemas.DecisionSchema)
@audited(persons="person_ids")
def move_unit(query, wish, unit_id: UUID):
    """Move a unit, with all that lies below it, to another parent."""
    return decided(use_cases.move_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/rename")
@raises(*UNSOUND, *UNTIMELY)
@operations.arguments(schemas.DryRun, location="query")
@operations.arguments(schemas.UnitRenameWish)
@operations.alt_response(201, schema=schemas.DecisionSchema, success=True)
@operations.response(200, schemas.DecisionSchema)
@audited(persons="person_ids")
def rename_unit(query, wish, unit_id: UUID):
    """Call a unit otherwise from a day on; to correct a mistake in a name, enter it again."""
    return decided(use_cases.rename_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/open")
@raises("unit.not_closed", *UNSOUND, *UNTIMELY)
@operations.arguments(schemas.DryRun, location="query")
@operations.arguments(schemas.UnitOpenWish)
@operations.alt_response(201, schema=schemas.DecisionSchema, success=True)
@operations.response(200, schemas.DecisionSchema)
@audited(persons="person_ids")
def open_unit(query, wish, unit_id: UUID):
    """Open a closed unit again."""
    return decided(use_cases.open_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/close")
@raises("operation.level_stays", *UNSOUND, *UNTIMELY)
@operations.arguments(schemas.DryRun, location="query")
@operations.arguments(schemas.UnitCloseWish)
@operations.alt_response(201, schema=schemas.DecisionSchema, success=True)
@operations.response(200, schemas.DecisionSchema)
@audited(persons="person_ids")
def close_unit(query, wish, unit_id: UUID):
    """Close a unit below which nothing lies any more."""
    return decided(use_cases.close_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.get("/v1/operations")
@raises("unit.not_found")
@operations.arguments(schemas.OperationsWish, location="query")
@operations.response(200, paged(schemas.OperationLine))
def list_operations(wish):
    """What was decided in the caller's reach, in the order of deciding."""
    return queries.operations(g.session, g.actor, **wish)


@operations.get("/v1/operations/<uuid:operation_id>")
@operations.response(200, schemas.OperationSchema)
def show_operation(operation_id: UUID):
    """What was decided, and how far it is."""
    return queries.visible_operation(g.session, g.actor, operation_id)


@operations.post("/v1/operations/<uuid:operation_id>/undo")
@conditional
@raises("operation.wrong_state", "operation.changed_since", "mouvement.gone_on", "mouvement.post_gone", *UNSOUND)
@operations.response(200, schemas.OperationSchema)
@audited(persons="concerned_ids")
def undo_operation(operation_id: UUID):
    """Take all of it back: the history and the present are again as they were."""
    return use_cases.undo_operation(g.session, g.actor, operation_id)
