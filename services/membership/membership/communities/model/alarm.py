"""Alarms: what a Delegation is told before one of its communities falls asleep."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.database import Moment, word_of

LAST_CALL = 7
WARNED_BEFORE = (30, LAST_CALL)  # days


class Silence(StrEnum):
    """Why a community falls asleep."""

    NO_MEETING = "no_meeting"
    NO_COORDINATOR = "no_coordinator"


class Alarm(Base):
    """For one reason, it was said that a community will sleep on `dormant_on`; each call comes once.

    `due_on` follows from the facts alone and tells this silence from another. `dormant_on` is later where a call
    came too late: none names a day that is less than a week away. `days_before` is the last call that went out, 0 for
    none yet.
    """

    __tablename__ = "alarm"

    community_id: Mapped[UUID] = mapped_column(ForeignKey("community.id"), primary_key=True)
    reason: Mapped[Silence] = mapped_column(word_of(Silence), primary_key=True)
    due_on: Mapped[date]
    dormant_on: Mapped[date]
    days_before: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def quiet(cls, community_id: UUID, reason: Silence, due_on: date) -> Self:
        """Nothing has been said yet."""
        return cls(community_id=community_id, reason=reason, due_on=due_on, dormant_on=due_on, days_before=0)

    def rings(self, due_on: date, *, today: date) -> bool:
        """Is there something new to say?"""
        if due_on != self.due_on:
            self.due_on, self.dormant_on, self.days_before = due_on, due_on, 0
        call = min((days for days in WARNED_BEFORE if due_on - today <= timedelta(days=days)), default=0)
        if not call or (self.days_before and call >= self.days_before):
            return False
        self.dormant_on = max(self.dormant_on, today + timedelta(days=LAST_CALL))
        self.days_before, self.withdrawn_at = call, None
        return True

    def is_over(self, today: date) -> bool:
        return bool(self.days_before) and self.dormant_on <= today

    @property
    def look_again_on(self) -> date:
        """The day of the next call, or of sleep."""
        if self.days_before == LAST_CALL:
            return self.dormant_on
        return self.due_on - timedelta(days=LAST_CALL if self.days_before else max(WARNED_BEFORE))

    def holds_for(self, due_on: date | None, *, now: datetime) -> None:
        """Taken back once what was missing has come."""
        if due_on != self.due_on and self.withdrawn_at is None:
            self.withdrawn_at = now
