"""Elections: called by the Delegation, decided by the peers, confirmed by the Delegue."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import communities, joining, people
from membership.communities import take_note
from membership.joining import look_at_circles
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import NotFound

from . import queries
from .model.election import Election


def call_election(session: Session, actor: Actor, community_id: UUID) -> Election:
    community = permit(session, actor, "call_election", communities.community(session, community_id, lock=True))
    election = Election.call(community, is_under_way=queries.has_election_under_way(session, community_id))
    session.add(election)
    return election


def stand(session: Session, actor: Actor, election_id: UUID, *, statement: str) -> Election:
    election = permit(session, actor, "stand", queries.election(session, election_id, lock=True))
    demand_seen(session, election)
    election.stand(people.principal(session, actor.principal_id), statement)
    return election


def open_election(session: Session, actor: Actor, election_id: UUID, *, closes_at: datetime) -> Election:
    election = permit(session, actor, "open_election", queries.election(session, election_id, lock=True))
    demand_seen(session, election)
    members = joining.member_ids(session, election.community_id)
    election.open(members, closes_at=closes_at, now=datetime.now(UTC))
    return election


def vote(session: Session, actor: Actor, election_id: UUID, *, choice: UUID, receipt: str) -> Election:
    election = permit(session, actor, "vote", queries.election(session, election_id, lock=True))
    demand_seen(session, election)
    election.vote(actor.as_principal(), choice=choice, receipt=receipt, now=datetime.now(UTC))
    if election.is_complete:
        _close(session, election)
    return election


def close_due_elections(session: Session, now: datetime) -> None:
    for election in queries.elections_to_close(session, now):
        _close(session, election)


def confirm_coordinator(session: Session, actor: Actor, election_id: UUID) -> Election:
    community = queries.community_of_election(session, election_id)
    found = queries.election(session, election_id, lock=True)
    election = permit(session, actor, "confirm_coordinator", found)
    if community is None:
        raise NotFound("election.not_found")
    demand_seen(session, election)
    elected = queries.elected(session, election)
    is_member = joining.is_member(session, community.id, elected.id)
    now = datetime.now(UTC)
    election.confirm(community, elected, is_member=is_member, today=now.date())
    take_note(session, community, now)
    look_at_circles(session, community.id)
    return election


def refuse_coordinator(session: Session, actor: Actor, election_id: UUID, *, reason: str) -> Election:
    election = permit(session, actor, "refuse_coordinator", queries.election(session, election_id, lock=True))
    demand_seen(session, election)
    election.refuse(reason)
    return election


def _close(session: Session, election: Election) -> None:
    predecessor = queries.predecessor(session, election)
    election.close(predecessor, lot_seed=secrets.token_hex(16))


def abandon_election(session: Session, actor: Actor, election_id: UUID) -> Election:
    election = permit(session, actor, "abandon_election", queries.election(session, election_id, lock=True))
    demand_seen(session, election)
    election.abandon(joining.member_ids(session, election.community_id))
    return election
