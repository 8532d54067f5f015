"""What members take part in, as the other services have told it: who was there, who promised to come, who published."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from membership.model import Base
from shared.domain.correlation import current
from shared.domain.database import Moment, insert_into, word_of
from shared.events import InvitationAnswered, MeetingHeld, PracticePublished

YES = "yes"


class Part(StrEnum):
    PRESENT = "present"
    SAID_YES = "said_yes"
    PUBLISHED = "published"


class Participation(Base):
    """One part that somebody took in one thing of a community, however often it was told.

    `happened_at` is told of practices; of meetings their own moment counts.
    """

    __tablename__ = "participation"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    kind: Mapped[Part] = mapped_column(word_of(Part), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime | None] = mapped_column(Moment)


def keep_presence(session: Session, event: MeetingHeld) -> None:
    _keep(session, event.community_id, event.present_ids, Part.PRESENT, event.meeting_id)


def keep_answer(session: Session, event: InvitationAnswered) -> None:
    """The last answer counts."""
    if event.answer == YES:
        _keep(session, event.community_id, [event.principal_id], Part.SAID_YES, event.meeting_id)
    else:
        _forget(session, event)


def keep_author(session: Session, event: PracticePublished) -> None:
    at = current.get().happened_at
    _keep(session, event.community_id, [event.author_id], Part.PUBLISHED, event.practice_id, at)


def _keep(
    session: Session,
    community_id: UUID,
    principal_ids: Sequence[UUID],
    kind: Part,
    thing_id: UUID,
    at: datetime | None = None,
) -> None:
    what = {"community_id": community_id, "kind": kind, "thing_id": thing_id, "happened_at": at}
    rows = [{**what, "principal_id": principal_id} for principal_id in dict.fromkeys(principal_ids)]
    if rows:
        session.execute(insert_into(session, Participation).on_conflict_do_nothing(), rows)


def _forget(session: Session, event: InvitationAnswered) -> None:
    theirs = (Participation.community_id == event.community_id) & (Participation.principal_id == event.principal_id)
    that = (Participation.kind == Part.SAID_YES) & (Participation.thing_id == event.meeting_id)
    session.execute(delete(Participation).where(theirs, that))
