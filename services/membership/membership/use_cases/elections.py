"""Elections: called by the Delegation, decided by the peers, confirmed by the Delegue."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Community, Election
from shared.domain.actor import Actor, permit

ORGANISERS_ONLY = "Only the Delegation, the Ministry or the coordinator may do this."
MEMBERS_ONLY = "Only members of the community may do this."
DELEGUE_ONLY = "Only the Delegue of this Delegation may do this."


def call_election(session: Session, actor: Actor, community_id: UUID) -> Election:
    community = queries.community(session, community_id, lock=True)
    permit(_may_organise(actor, community), ORGANISERS_ONLY)
    election = Election.call(community, is_under_way=queries.has_election_under_way(session, community_id))
    session.add(election)
    return election


def stand(session: Session, actor: Actor, election_id: UUID, *, statement: str) -> Election:
    election = queries.election(session, election_id, lock=True)
    permit(queries.is_member(session, election.community_id, actor.principal_id), MEMBERS_ONLY)
    election.stand(queries.principal(session, actor.principal_id), statement)
    return election


def open_election(session: Session, actor: Actor, election_id: UUID, *, closes_at: datetime) -> Election:
    election = queries.election(session, election_id, lock=True)
    community = queries.community(session, election.community_id)
    permit(_may_organise(actor, community), ORGANISERS_ONLY)
    members = queries.member_ids(session, community.id)
    election.open(members, closes_at=closes_at, now=datetime.now(UTC))
    return election


def vote(session: Session, actor: Actor, election_id: UUID, *, choice: UUID, receipt: str) -> Election:
    election = queries.election(session, election_id, lock=True)
    permit(queries.is_member(session, election.community_id, actor.principal_id), MEMBERS_ONLY)
    election.vote(actor.principal_id, choice=choice, receipt=receipt, now=datetime.now(UTC))
    if election.is_complete:
        _close(session, election)
    return election


def close_due_elections(session: Session, now: datetime) -> None:
    for election in queries.elections_to_close(session, now):
        _close(session, election)


def confirm_coordinator(session: Session, actor: Actor, election_id: UUID) -> Election:
    election = queries.election(session, election_id, lock=True)
    permit(actor.decides_for(election.delegation_id), DELEGUE_ONLY)
    community = queries.community(session, election.community_id, lock=True)
    elected = queries.elected(session, election)
    is_member = queries.is_member(session, community.id, elected.id)
    election.confirm(community, elected, is_member=is_member, today=datetime.now(UTC).date())
    return election


def refuse_coordinator(session: Session, actor: Actor, election_id: UUID, *, reason: str) -> Election:
    election = queries.election(session, election_id, lock=True)
    permit(actor.decides_for(election.delegation_id), DELEGUE_ONLY)
    election.refuse(reason)
    return election


def _close(session: Session, election: Election) -> None:
    predecessor = queries.predecessor(session, election)
    election.close(predecessor, lot_seed=secrets.token_hex(16))


def _may_organise(actor: Actor, community: Community) -> bool:
    return actor.works_for(community.delegation_id) or actor.is_(community.coordinator_id)
