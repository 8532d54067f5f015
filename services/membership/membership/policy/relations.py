"""The relations in which a caller can stand to a thing here; each is asked of the database when it is needed."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from membership.model import (
    Academy,
    Accompaniment,
    AccompanimentState,
    Archive,
    Community,
    Consent,
    Delegation,
    Election,
    Membership,
    MembershipState,
    Principal,
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


def _community_id(thing: Community | Election) -> UUID:
    return thing.id if isinstance(thing, Community) else thing.community_id


def _stands(session: Session, actor: Actor, community_id: UUID, *states: MembershipState) -> bool:
    mine = exists().where(
        Membership.community_id == community_id,
        Membership.principal_id == actor.principal_id,
        Membership.state.in_(states),
    )
    return session.scalar(select(mine))
