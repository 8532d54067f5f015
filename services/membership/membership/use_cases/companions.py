"""Companions: given to a community, and withdrawn, by its Delegation."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Accompaniment, AccompanimentState
from shared.domain.actor import Actor
from shared.domain.policy import permit


def give_companion(session: Session, actor: Actor, community_id: UUID, companion_id: UUID) -> Accompaniment:
    """Given already, nothing changes: safe to repeat."""
    found = queries.community(session, community_id, lock=True)
    community = permit(session, actor, "give_companion", found)
    known, now = queries.accompaniment(session, community_id, companion_id), datetime.now(UTC)
    given = known or Accompaniment.give(community, companion_id, now=now)
    if given.state is AccompanimentState.ENDED:
        given.give_again(now=now)
    session.add(given)
    return given


def withdraw_companion(session: Session, actor: Actor, community_id: UUID, companion_id: UUID) -> None:
    """Not given, or no longer: nothing changes, safe to repeat."""
    permit(session, actor, "withdraw_companion", queries.community(session, community_id, lock=True))
    given = queries.accompaniment(session, community_id, companion_id)
    if given is not None and given.state is AccompanimentState.CURRENT:
        given.withdraw(now=datetime.now(UTC))
