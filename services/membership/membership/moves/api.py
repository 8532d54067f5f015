"""Routes of what changes on a day: operations on units, mouvements of people, and their histories."""

from typing import Any
from uuid import UUID

from flask import g

from membership import organisation
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from . import schemas
from .queries import histories
from .use_cases import deciding, mouvements, taking

offices = Blueprint(
    "moves_offices", __name__, description="Officers and companions, and where they are written to", tag="offices"
)
people = Blueprint("moves_people", __name__, description="Who heads which school, and since when", tag="people")


@offices.get("/v1/me/entries")
@offices.response(200, schemas.MyEntriesSchema)
@audited(persons="person_id")
def show_my_entries():
    """What is kept about the caller as an officer or a companion. Of principals, archives are made."""
    return histories.my_entries(g.session, g.actor)


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
@operations.arguments(organisation.DryRun, location="query")
@operations.arguments(organisation.UnitSplitRequest)
@operations.alt_response(201, schema=organisation.DecisionSchema, success=True)
@operations.response(200, organisation.DecisionSchema)
@audited(persons="person_ids")
def split_unit(query, wish, unit_id: UUID):
    """Split a unit: new ones of its level take some or all of what lies right below it."""
    return decided(deciding.split_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/merge")
@raises("operation.not_alike", *UNSOUND, *UNTIMELY)
@operations.arguments(organisation.DryRun, location="query")
@operations.arguments(organisation.UnitMergeRequest)
@operations.alt_response(201, schema=organisation.DecisionSchema, success=True)
@operations.response(200, organisation.DecisionSchema)
@audited(persons="person_ids")
def merge_units(query, wish, unit_id: UUID):
    """Merge other units of its level into this one: what lies below them comes here, and they close."""
    return decided(deciding.merge_units(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/move")
@raises(*UNSOUND, *UNTIMELY)
@operations.arguments(organisation.DryRun, location="query")
@operations.arguments(organisation.UnitMoveRequest)
@operations.alt_response(201, schema=organisation.DecisionSchema, success=True)
@operations.response(200, organisation.DecisionSchema)
@audited(persons="person_ids")
def move_unit(query, wish, unit_id: UUID):
    """Move a unit, with all that lies below it, to another parent."""
    return decided(deciding.move_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/rename")
@raises(*UNSOUND, *UNTIMELY)
@operations.arguments(organisation.DryRun, location="query")
@operations.arguments(organisation.UnitRenameRequest)
@operations.alt_response(201, schema=organisation.DecisionSchema, success=True)
@operations.response(200, organisation.DecisionSchema)
@audited(persons="person_ids")
def rename_unit(query, wish, unit_id: UUID):
    """Call a unit otherwise from a day on; to correct a mistake in a name, enter it again."""
    return decided(deciding.rename_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/open")
@raises("unit.not_closed", *UNSOUND, *UNTIMELY)
@operations.arguments(organisation.DryRun, location="query")
@operations.arguments(organisation.UnitOpenRequest)
@operations.alt_response(201, schema=organisation.DecisionSchema, success=True)
@operations.response(200, organisation.DecisionSchema)
@audited(persons="person_ids")
def open_unit(query, wish, unit_id: UUID):
    """Open a closed unit again."""
    return decided(deciding.open_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.post("/v1/units/<uuid:unit_id>/close")
@raises("operation.level_stays", *UNSOUND, *UNTIMELY)
@operations.arguments(organisation.DryRun, location="query")
@operations.arguments(organisation.UnitCloseRequest)
@operations.alt_response(201, schema=organisation.DecisionSchema, success=True)
@operations.response(200, organisation.DecisionSchema)
@audited(persons="person_ids")
def close_unit(query, wish, unit_id: UUID):
    """Close a unit below which nothing lies any more."""
    return decided(deciding.close_unit(g.session, g.actor, unit_id, **wish, **query))


@operations.get("/v1/operations")
@raises("unit.not_found")
@operations.arguments(organisation.OperationsRequest, location="query")
@operations.response(200, paged(organisation.OperationLine))
def list_operations(wish):
    """What was decided in the caller's reach, in the order of deciding."""
    return organisation.operations(g.session, g.actor, **wish)


@operations.get("/v1/operations/<uuid:operation_id>")
@operations.response(200, organisation.OperationSchema)
def show_operation(operation_id: UUID):
    """What was decided, and how far it is."""
    return organisation.visible_operation(g.session, g.actor, operation_id)


@operations.post("/v1/operations/<uuid:operation_id>/undo")
@conditional
@raises("operation.wrong_state", "operation.changed_since", "mouvement.gone_on", "mouvement.post_gone", *UNSOUND)
@operations.response(200, organisation.OperationSchema)
@audited(persons="concerned_ids")
def undo_operation(operation_id: UUID):
    """Take all of it back: the history and the present are again as they were."""
    return taking.undo_operation(g.session, g.actor, operation_id)


@people.post("/v1/units/<uuid:unit_id>/mouvements")
@raises("mouvement.conflicts")
@people.arguments(schemas.MouvementQuery, location="query")
@people.arguments(schemas.MouvementRequest)
@people.response(200, schemas.MouvementPlanSchema)
@audited(persons="moves.principal_id")
def plan_mouvement(query, wish, unit_id: UUID):
    """Move up to 3000 principals to other posts on one day, all or none; `dry_run` tells what would come of it."""
    return mouvements.plan_mouvement(g.session, g.actor, unit_id, **wish, **query)


@people.get("/v1/operations/<uuid:operation_id>/transfers")
@people.arguments(PageRequest, location="query")
@people.response(200, paged(schemas.TransferSchema))
@audited(persons="items.principal_id")
def list_transfers(wish, operation_id: UUID):
    """Whom a mouvement moves, and what became of their home communities by it or by its undoing."""
    return histories.visible_transfers(g.session, g.actor, operation_id, **wish)


@people.get("/v1/delegations/<uuid:delegation_id>/without-home")
@people.arguments(PageRequest, location="query")
@people.response(200, paged(schemas.HomelessSchema))
@audited(persons="items.principal.id")
def list_without_home(wish, delegation_id: UUID):
    """The principals in post who belong to no home community, each with the reason."""
    return histories.without_home(g.session, g.actor, delegation_id, **wish)


@people.get("/v1/principals/<uuid:principal_id>/history")
@people.response(200, schemas.HistorySchema)
@audited(persons="principal_id")
def show_history(principal_id: UUID):
    """The posts that somebody held and the communities to which they belonged, the latest first."""
    return histories.history(g.session, g.actor, principal_id)


blueprints = [offices, people, operations]
