"""What is done about a person who is owed a copy, or erased."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from practices.repertoire import Practice
from shared.events import (
    ArchiveAsked,
    ArchiveDeleted,
    PracticesPartGathered,
    PrincipalErased,
)
from shared.messaging import archiving, erasure
from shared.web import idempotency

from . import queries


def erase_person(session: Session, event: PrincipalErased) -> None:
    """Drafts were theirs alone and go; what they shared stays, by a former member."""
    traces = queries.traces_of(session, event.principal_id)
    session.execute(delete(Practice).where(queries.is_draft_of(event.principal_id)))
    for practice in queries.every_practice_of_author(session, event.principal_id):
        practice.forget_author()
    for practice in queries.every_practice_of(session, event.community_ids):
        practice.leave_out(traces)
    session.flush()
    erasure.erase(session, event.principal_id, event.community_ids, traces)
    idempotency.forget_person(session, event.principal_id, traces)


def gather_archive(session: Session, event: ArchiveAsked) -> None:
    archiving.gather(session, event, PracticesPartGathered, queries.everything_about(session, event.principal_id))


def blank_archive(session: Session, event: ArchiveDeleted) -> None:
    archiving.blank(session, event.archive_id)
