"""Invitations: what one member was asked, what they said, and whether they came."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from meetings.tables import Base
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.events import InvitationAnswered


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Attendance(StrEnum):
    """How somebody means to take part."""

    IN_PERSON = "in_person"
    REMOTE = "remote"


class Invitation(Entity, Base):
    """One member's place in one meeting: `answer` is what they said, `present` what became of it.

    It counts its own changes, so that members who answer at the same moment are not in each other's way.
    """

    __tablename__ = "invitation"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    principal_id: Mapped[UUID] = mapped_column(index=True)
    answer: Mapped[Answer | None] = mapped_column(word_of(Answer))
    attendance: Mapped[Attendance | None] = mapped_column(word_of(Attendance))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    present: Mapped[bool | None]

    __table_args__ = (UniqueConstraint("meeting_id", "principal_id"),)

    @property
    def partition_key(self) -> str:
        return str(self.meeting_id)

    def say(self, answer: Answer, attendance: Attendance | None, *, community_id: UUID, now: datetime) -> None:
        """The last answer counts; the same answer once more (a second click) is no news."""
        if (answer, attendance) == (self.answer, self.attendance):
            return
        is_news = answer != self.answer
        self.answer, self.attendance, self.answered_at = answer, attendance, now
        if is_news:
            self._tell(answer, community_id)

    def _tell(self, answer: Answer, community_id: UUID) -> None:
        self.record(
            InvitationAnswered(
                meeting_id=self.meeting_id,
                community_id=community_id,
                principal_id=self.principal_id,
                answer=answer.value,
            )
        )

    def ask_again(self) -> None:
        """Yes to Tuesday is not yes to Thursday."""
        self.answer = self.attendance = self.answered_at = None

    def note_presence(self, present: bool) -> None:
        self.present = present
