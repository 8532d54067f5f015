"""Who may do what with academies, Delegations, zones and units; and how offices stand to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, Row, anywhere

from .model.levels import Level
from .model.operation import Operation
from .model.organisation import Academy, School
from .model.standing import Standing


def in_reach(session: Session, actor: Actor, thing: Any) -> bool:
    """It belongs to the caller's unit or to one below it; `thing` says to which Delegation."""
    return units.reaches(session, actor, thing.delegation_id)


def own_academy(_session: Session, actor: Actor, academy: Academy) -> bool:
    return actor.unit_id == academy.id


def office_in_reach(session: Session, actor: Actor, office: Any) -> bool:
    """It is the caller's office, or one below it; `office` is anything with the id of a unit."""
    return units.reaches(session, actor, office.id)


def scope_in_reach(session: Session, actor: Actor, thing: Any) -> bool:
    """All of it lies in the reach of the caller's office; of what has no scope, the whole country does."""
    return thing.scope_id is not None and units.reaches(session, actor, thing.scope_id)


def unit_in_sight(session: Session, actor: Actor, unit: Standing) -> bool:
    """In the caller's reach today, or on the path above it."""
    office = _office_at(session, unit.unit_id)
    is_above = actor.unit_id is not None and (
        unit.level is Level.MINISTRY or units.lies_below(session, actor.unit_id, office)
    )
    return is_above or units.reaches(session, actor, office)


def decides_over(session: Session, actor: Actor, unit: Standing) -> bool:
    """Whoever reaches the unit above it."""
    return unit.parent_id is not None and units.reaches(session, actor, _office_at(session, unit.parent_id))


def decided_in_reach(session: Session, actor: Actor, operation: Operation) -> bool:
    """All that it changes lies in the caller's reach."""
    return units.reaches(session, actor, _office_at(session, operation.scope_id))


def concerned_in_reach(session: Session, actor: Actor, operation: Operation) -> bool:
    """Some of it does: a unit that is changed, or one that loses or gets another. Who decided sits above, perhaps."""
    return decided_in_reach(session, actor, operation) or units.reaches_any(session, actor, operation.unit_ids)


def _office_at(session: Session, unit_id: UUID) -> UUID:
    """Schools have no place in the tree of reach: their Delegation has."""
    school = session.get(School, unit_id)
    return school.delegation_id if school else unit_id


STAFF = (Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER)
OFFICE_ROLES = (*STAFF, Role.PORTAL)
MINISTRY: Row = {Role.MINISTRY_ADMINISTRATOR: anywhere}
OFFICE: Row = {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, in_reach)}
OFFICES: Row = dict.fromkeys(OFFICE, anywhere)
IN_SIGHT: Row = {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, unit_in_sight)}
EVERYBODY: Row = dict.fromkeys(Role, anywhere)

kinds = (
    Kind(
        "organisation",
        {
            "list_delegations": OFFICES,  # each finds those in their reach
            "put_delegation": MINISTRY,
            "list_academies": OFFICES,
            "put_academy": MINISTRY,
            "list_units": OFFICES,  # each finds those in their reach, and the path above
            "list_operations": OFFICES,
            "list_levels": EVERYBODY,
            "get_level": EVERYBODY,
            "put_level": MINISTRY,
        },
        is_open=True,
    ),
    Kind("delegation", {"get_delegation": OFFICE, "list_zones": OFFICE, "get_zone": OFFICE, "put_zone": OFFICE}),
    Kind("academy", {"get_academy": {**MINISTRY, Role.ACADEMY_OFFICER: own_academy}}),
    Kind("unit", {"show_unit": IN_SIGHT, "list_unit_ancestors": IN_SIGHT, "list_unit_history": IN_SIGHT}),
)
