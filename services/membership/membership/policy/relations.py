"""The relations in which a caller can stand to a thing here; each is asked of the database when it is needed."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from membership.model import (
    Academy,
    Accompaniment,
    AccompanimentState,
    Archive,
    Canvas,
    ColumnMapping,
    Community,
    Companion,
    Consent,
    Delegation,
    Election,
    Import,
    Level,
    Membership,
    MembershipState,
    Officer,
    Operation,
    PlanningRound,
    Principal,
    School,
    Standing,
)
from shared.domain import units
from shared.domain.actor import Actor

M = MembershipState


def in_reach(session: Session, actor: Actor, thing: Delegation | Community | Election) -> bool:
    """It belongs to the caller's unit or to one below it."""
    return units.reaches(session, actor, thing.id if isinstance(thing, Delegation) else thing.delegation_id)


def own_academy(_session: Session, actor: Actor, academy: Academy) -> bool:
    return actor.unit_id == academy.id


def own_unit(_session: Session, actor: Actor, election: Election) -> bool:
    """Decisions that are the Delegue's are taken by nobody above or below."""
    return actor.unit_id == election.delegation_id


def principal_of_it(session: Session, actor: Actor, delegation: Delegation) -> bool:
    """The caller heads a school of this Delegation."""
    person = session.get(Principal, actor.principal_id) if actor.principal_id else None
    return person is not None and person.delegation_id == delegation.id


def author(_session: Session, actor: Actor, canvas: Canvas) -> bool:
    return actor.is_(canvas.principal_id)


def vacant_in_reach(session: Session, actor: Actor, community: Community) -> bool:
    """It lies in the caller's reach, and has no coordinator."""
    return community.coordinator_id is None and in_reach(session, actor, community)


def invited_or_member(session: Session, actor: Actor, thing: Community | Election) -> bool:
    return _stands(session, actor, _community_id(thing), M.INVITED, M.MEMBER)


def once_invited(session: Session, actor: Actor, community: Community) -> bool:
    """Whatever has become of it: what may be done now is said by the lifecycle."""
    return _stands(session, actor, community.id, *M)


def member(session: Session, actor: Actor, thing: Community | Election) -> bool:
    return _stands(session, actor, _community_id(thing), M.MEMBER)


def coordinator(session: Session, actor: Actor, thing: Community | Election) -> bool:
    """Elected, and confirmed by the Delegation."""
    community = thing if isinstance(thing, Community) else session.get_one(Community, thing.community_id)
    return actor.is_(community.coordinator_id)


def companion(session: Session, actor: Actor, thing: Community | Election) -> bool:
    """The community was given to the caller to accompany."""
    given = exists().where(
        Accompaniment.community_id == _community_id(thing),
        Accompaniment.companion_id == actor.person_id,
        Accompaniment.state == AccompanimentState.CURRENT,
    )
    return session.scalar(select(given))


def themself(_session: Session, actor: Actor, thing: Principal | Consent | Archive) -> bool:
    """The caller is the very person whom it is about."""
    return actor.is_(thing.id if isinstance(thing, Principal) else thing.principal_id)


def person_in_reach(session: Session, actor: Actor, thing: Principal | Archive) -> bool:
    """The person belongs to the caller's unit or to one below it."""
    person = thing if isinstance(thing, Principal) else session.get_one(Principal, thing.principal_id)
    return units.reaches(session, actor, person.delegation_id)


def office_in_reach(session: Session, actor: Actor, office: Any) -> bool:
    """It is the caller's office, or one below it; `office` is anything with the id of a unit."""
    return units.reaches(session, actor, office.id)


def officer_in_reach(session: Session, actor: Actor, officer: Officer) -> bool:
    """They act for the caller's unit or for one below it; or the caller is that officer."""
    return actor.id == str(officer.officer_id) or units.reaches(session, actor, officer.unit_id)


def companion_in_reach(session: Session, actor: Actor, companion: Companion) -> bool:
    """They were entered by the caller's unit or by one below it."""
    return units.reaches(session, actor, companion.unit_id)


def companion_themself(_session: Session, actor: Actor, companion: Companion) -> bool:
    return actor.person_id == companion.id


def scope_in_reach(session: Session, actor: Actor, thing: Operation | PlanningRound) -> bool:
    """All of it lies in the reach of the caller's office; of what has no scope, the whole country does."""
    return thing.scope_id is not None and units.reaches(session, actor, thing.scope_id)


def neighbour(session: Session, actor: Actor, community: Community) -> bool:
    """A principal who may ask to be taken in."""
    principal = session.get(Principal, actor.principal_id) if actor.principal_id else None
    if principal is None:
        return False
    here, theirs = (session.get_one(Delegation, id) for id in (community.delegation_id, principal.delegation_id))
    return community.can_be_asked_by(principal, here, theirs)


def list_in_reach(session: Session, actor: Actor, thing: Import | ColumnMapping) -> bool:
    """It is of a Delegation in the caller's reach; what is the whole country's is the Ministry's alone."""
    return thing.delegation_id is not None and units.reaches(session, actor, thing.delegation_id)


def everybodys_or_in_reach(session: Session, actor: Actor, mapping: ColumnMapping) -> bool:
    return mapping.delegation_id is None or list_in_reach(session, actor, mapping)


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


def _community_id(thing: Community | Election) -> UUID:
    return thing.id if isinstance(thing, Community) else thing.community_id


def _stands(session: Session, actor: Actor, community_id: UUID, *states: MembershipState) -> bool:
    mine = exists().where(
        Membership.community_id == community_id,
        Membership.principal_id == actor.principal_id,
        Membership.state.in_(states),
    )
    return session.scalar(select(mine))
