"""Meetings and practices of communities as their services have told them: what proves that a community lives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from membership.ground import Base
from shared.domain.correlation import current
from shared.domain.database import Moment, insert_into, word_of
from shared.events import (
    InvitationAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesPublished,
    PracticePublished,
)

FORMAL = "formal_meeting"


class KnownMeeting(Base):
    """What has been told of one meeting: each event fills in its own part, so that no order of them matters."""

    __tablename__ = "known_meeting"

    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID] = mapped_column(index=True)
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    calendar_sequence: Mapped[int | None]
    is_cancelled: Mapped[bool]
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    is_formal: Mapped[bool]
    has_minutes: Mapped[bool]

    def is_dated(self, event: MeetingScheduled | MeetingRescheduled) -> None:
        """The latest date that was told, whichever was heard last."""
        if self.calendar_sequence is None or event.calendar_sequence >= self.calendar_sequence:
            self.starts_at, self.calendar_sequence = event.starts_at, event.calendar_sequence

    def is_called_off(self) -> None:
        self.is_cancelled = True

    def was_held(self, event: MeetingHeld) -> None:
        self.held_at, self.is_formal = event.held_at, event.activity == FORMAL

    def was_written_up(self) -> None:
        self.has_minutes = True


class KnownPractice(Base):
    """A practice that members of a community have published."""

    __tablename__ = "known_practice"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID] = mapped_column(index=True)


BLANK: Mapping[str, Any] = {"is_cancelled": False, "is_formal": False, "has_minutes": False}


def keep_date(session: Session, event: MeetingScheduled | MeetingRescheduled) -> None:
    _meeting(session, event.meeting_id, event.community_id).is_dated(event)


def keep_cancellation(session: Session, event: MeetingCancelled) -> None:
    _meeting(session, event.meeting_id, event.community_id).is_called_off()


def keep_held(session: Session, event: MeetingHeld) -> None:
    _meeting(session, event.meeting_id, event.community_id).was_held(event)


def keep_minutes(session: Session, event: MinutesPublished) -> None:
    _meeting(session, event.meeting_id, event.community_id).was_written_up()


def keep_practice(session: Session, event: PracticePublished) -> None:
    session.merge(KnownPractice(practice_id=event.practice_id, community_id=event.community_id))


def _meeting(session: Session, meeting_id: UUID, community_id: UUID) -> KnownMeeting:
    known = session.get(KnownMeeting, meeting_id)
    if known is None:
        known = KnownMeeting(meeting_id=meeting_id, community_id=community_id, **BLANK)
        session.add(known)
    return known


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


projections = [KnownMeeting, KnownPractice, Participation]
