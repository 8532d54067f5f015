"""Questions about elections."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from membership.communities import KEEPS_ITS_KEY, Community
from membership.people import Principal
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import Refused

from .model.counting import Predecessor
from .model.election import UNDER_WAY, Election, ElectionState

AT_ONCE = 50


def election(session: Session, election_id: UUID, *, lock: bool = False) -> Election | None:
    """With candidates, roll and box. `lock`: votes of one election come one after the other."""
    wanted = _whole().where(Election.id == election_id)
    return session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()


def community_of_election(session: Session, election_id: UUID) -> Community | None:
    """Locked: a community is held before its elections."""
    theirs = select(Community).join(Election, Election.community_id == Community.id).where(Election.id == election_id)
    return session.scalars(theirs.with_for_update(of=Community, **KEEPS_ITS_KEY)).one_or_none()


def visible_election(session: Session, actor: Actor, election_id: UUID) -> Election:
    return permit(session, actor, "show_election", election(session, election_id))


def has_election_under_way(session: Session, community_id: UUID) -> bool:
    under_way = (ElectionState.CALLED, ElectionState.OPEN, ElectionState.ELECTED)
    wanted = select(Election.id).where(Election.community_id == community_id, Election.state.in_(under_way))
    return session.scalars(wanted.limit(1)).first() is not None


def elections_to_close(session: Session, now: datetime) -> Sequence[Election]:
    over = _whole().where(Election.state == ElectionState.OPEN, Election.closes_at <= now)
    return session.scalars(over.order_by(Election.closes_at).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def elected(session: Session, election: Election) -> Principal:
    found = session.get(Principal, election.elected_id) if election.elected_id else None
    if found is None:
        raise Refused("election.nobody_elected")
    return found


def predecessor(session: Session, election: Election) -> Predecessor | None:
    """The coordinator before this election: the last who was confirmed."""
    last = (
        select(Principal)
        .join(Election, Election.elected_id == Principal.id)
        .where(Election.community_id == election.community_id, Election.state == ElectionState.CONFIRMED)
        .order_by(Election.id.desc())
    )
    found = session.scalars(last.limit(1)).first()
    return Predecessor(found.gender, found.cycle) if found else None


def _whole() -> Select[Election]:
    parts = (selectinload(Election.candidates), selectinload(Election.roll), selectinload(Election.box))
    return select(Election).options(*parts)


def election_under_way(session: Session, community_id: UUID) -> Election | None:
    wanted = select(Election).where(Election.community_id == community_id, UNDER_WAY)
    return session.scalars(wanted.with_for_update()).one_or_none()
