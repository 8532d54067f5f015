"""Archives of a person's data: asked here, gathered from every service, deleted; erasure; links taken back."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import joining, people
from membership.joining import Leaving, MembershipState, part_all
from membership.moves import erase_posts
from membership.people import Principal
from membership.planning import forget_in_plans
from membership.registry import forget_in_import_files
from shared.domain import links
from shared.domain.actor import Actor
from shared.domain.database import insert_into
from shared.domain.erasure import Traces
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.events import PartGathered, publisher_of
from shared.messaging import erasure
from shared.messaging.archiving import packed
from shared.web import idempotency

from . import queries
from .model import Archive, ArchivePart, ArchiveState


def ask_archive(session: Session, actor: Actor, principal_id: UUID, *, reason: str | None) -> Archive:
    """One at a time: while it is being gathered, the same; once complete, a new one takes its place."""
    permit(session, actor, "ask_archive", queries.person(session, principal_id))
    held = queries.held_archives(session, principal_id)
    under_way = [archive for archive in held if archive.state is ArchiveState.GATHERING]
    return under_way[0] if under_way else _ask(session, actor, principal_id, reason, held)


def _ask(session: Session, actor: Actor, principal_id: UUID, reason: str | None, held: Iterable[Archive]) -> Archive:
    now = datetime.now(UTC)
    archive = Archive.ask(principal_id, actor, reason=reason, now=now)
    _delete(session, held, now)
    session.add(archive)
    session.flush()
    # What is held here goes into the archive as it is: told to itself, it would lie in the log as well.
    contents = packed(queries.everything_about(session, principal_id))
    for number, content in enumerate(contents, 1):
        _keep_part(session, archive.id, "membership", number, len(contents), content)
    return archive


def keep_archive_part(session: Session, event: PartGathered) -> None:
    """What comes for an archive that is no longer being gathered is not kept."""
    archive = queries.archive(session, event.archive_id, lock=True)
    if archive is None or archive.state is not ArchiveState.GATHERING:
        return
    _keep_part(session, archive.id, publisher_of(event.wire_type), event.number, event.parts, event.content)
    archive.complete_if(queries.services_that_answered(session, archive.id), now=datetime.now(UTC))


def _keep_part(session: Session, archive_id: UUID, service: str, number: int, parts: int, content: str) -> None:
    row = {"archive_id": archive_id, "service": service, "number": number, "parts": parts, "content": content}
    session.execute(insert_into(session, ArchivePart).values(row).on_conflict_do_nothing())


def delete_archives_of(session: Session, principal_id: UUID) -> None:
    """For whoever erases a person: no copy outlives them, nor one of their peers' that may name them."""
    _delete(session, queries.held_archives_near(session, principal_id), datetime.now(UTC))


def delete_old_archives(session: Session, before: datetime, most: int) -> int:
    """Those complete since before that moment; returns how many."""
    old = queries.archives_to_delete(session, before, most)
    _delete(session, old, datetime.now(UTC))
    return len(old)


def _delete(session: Session, archives: Iterable[Archive], now: datetime) -> None:
    for archive in archives:
        archive.delete(now=now)
    gone = [archive.id for archive in archives]
    session.execute(delete(ArchivePart).where(ArchivePart.archive_id.in_(gone)))


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
    for membership in joining.refused_in(session, community_ids):
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
    communities = joining.communities_held(session, [membership.community_id for membership in memberships])
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


def revoke_links(session: Session, actor: Actor) -> datetime:
    """All that were issued until now; other services hear of it in a moment."""
    principal = permit(session, actor, "revoke_links", people.oneself(session, actor))
    now = datetime.now(UTC)
    principal.revoke_links(now)
    links.revoke(session, principal.id, now)
    return now
