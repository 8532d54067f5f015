"""Archives of a person's data: asked here, gathered from every service, read for a while, deleted."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import queries
from membership.model import Archive, ArchivePart, ArchiveState
from shared.domain.actor import Actor
from shared.domain.database import insert_into
from shared.domain.policy import permit
from shared.events import PartGathered, publisher_of
from shared.messaging.archiving import packed


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


def keep_archive_part(session: Session, told: PartGathered) -> None:
    """What comes for an archive that is no longer being gathered is not kept."""
    archive = queries.archive(session, told.archive_id, lock=True)
    if archive is None or archive.state is not ArchiveState.GATHERING:
        return
    _keep_part(session, archive.id, publisher_of(told.wire_type), told.number, told.parts, told.content)
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
