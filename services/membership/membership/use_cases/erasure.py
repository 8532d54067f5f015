"""Erasing a person: what communities remember stays, and nothing in it leads back to them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Leaving, MembershipState, Principal
from shared.domain.actor import Actor
from shared.domain.erasure import Traces
from shared.domain.policy import permit
from shared.domain.seen import demand_seen
from shared.messaging import erasure
from shared.web import idempotency

from .archives import delete_archives_of
from .communities import part_all
from .import_files import forget_in_import_files
from .plans import forget_in_plans
from .postings import erase_posts


def erase_principal(session: Session, actor: Actor, principal_id: UUID) -> Principal:
    """They leave wherever they are, then are erased here; the other services hear of it."""
    principal = permit(session, actor, "erase_principal", queries.person_to_erase(session, principal_id))
    demand_seen(session, principal)
    traces, now = queries.traces_of(session, principal), datetime.now(UTC)
    community_ids = _part_from_all(session, principal.id, now)
    delete_archives_of(session, principal.id)
    forget_in_import_files(session, principal)
    erase_posts(session, principal)
    principal.erase(community_ids, now=now)
    forget_in_plans(session, principal.id)
    _leave_out_of_elections(session, principal.id, community_ids, traces)
    for written in queries.written_about_communities(session, principal, community_ids):
        written.leave_out(traces)
    for membership in queries.refused_in(session, community_ids):
        membership.leave_out(traces)
    for part in queries.every_archive_part(session):
        part.leave_out(traces)
    session.flush()
    erasure.erase(session, principal.id, community_ids, traces)
    idempotency.forget_person(session, principal.id, traces)
    return principal


def _part_from_all(session: Session, principal_id: UUID, now: datetime) -> Sequence[UUID]:
    """Returns all communities that they were ever invited to."""
    memberships = queries.memberships_of(session, principal_id)
    communities = queries.communities_held(session, [membership.community_id for membership in memberships])
    members = [membership for membership in memberships if membership.state is MembershipState.MEMBER]
    part_all(session, communities, members, Leaving.ERASED)
    for membership in memberships:
        if membership.state is MembershipState.INVITED:
            membership.lapse()
        elif membership.state is MembershipState.REQUESTED:
            membership.withdraw()
        membership.forget_refusal()
    for consent in queries.given_consents(session, principal_id):
        consent.withdraw(now=now)
    return list(communities)


def _leave_out_of_elections(
    session: Session, principal_id: UUID, community_ids: Sequence[UUID], traces: Traces
) -> None:
    for candidacy in queries.candidacies(session, principal_id):
        candidacy.forget()
    for candidate in queries.candidates_in(session, community_ids):
        candidate.leave_out(traces)
    for election in queries.elections_in(session, community_ids):
        election.leave_out(traces)
