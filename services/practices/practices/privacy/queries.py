"""What this service holds about one person."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from practices.repertoire import Practice, State
from practices.roster import ROSTER
from shared.domain.erasure import Traces
from shared.domain.paging import every
from shared.messaging.archiving import Holding, Record, records

PRACTICE = ("id", "community_id", "state", "language", "cycle", "setting", "audience", "author_name_fr",
            "author_name_ar", "title", "problem", "what_was_done", "result", "resources", "tags",
            "published_at")  # fmt: skip


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    """What this service holds about one person, for the archive that they are owed."""
    return records(session, _holdings(principal_id))


def _holdings(id: UUID) -> Iterator[Holding]:
    yield Holding("practices", select(Practice).where(Practice.author_id == id), Practice.id, PRACTICE)
    yield from ROSTER.holdings(id)


def is_draft_of(principal_id: UUID) -> ColumnElement[bool]:
    return (Practice.author_id == principal_id) & (Practice.state == State.DRAFT)


def every_practice_of_author(session: Session, principal_id: UUID) -> Iterator[Practice]:
    return every(session, select(Practice).where(Practice.author_id == principal_id), Practice.id)


def every_practice_of(session: Session, community_ids: Collection[UUID]) -> Iterator[Practice]:
    return every(session, select(Practice).where(Practice.community_id.in_(community_ids)), Practice.id)


def traces_of(session: Session, principal_id: UUID) -> Traces:
    """As they are called in their communities, and as they were when they wrote."""
    names = select(Practice.author_name_fr, Practice.author_name_ar).where(Practice.author_id == principal_id)
    wrote = session.execute(names.distinct()).all()
    return ROSTER.traces_of(session, principal_id, wrote)
