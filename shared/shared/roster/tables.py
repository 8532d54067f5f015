"""The tables to mix into a service's own database: `class Member(roster.Member, Base)`."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import Moment


class State(StrEnum):
    """As far as listeners are told."""

    PLANNED = "planned"
    ACTIVE = "active"
    DORMANT = "dormant"
    DISSOLVED = "dissolved"


class Community:
    """A community and its confirmed coordinator; none while the office is vacant. Once dissolved, it stays so.

    `state` is None of what was told before it was kept, until the service is rebuilt.
    """

    __tablename__ = "community"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    delegation_id: Mapped[UUID] = mapped_column(index=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    coordinator_id: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[str | None]
    is_dissolved: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def community_id(self) -> UUID:
        """So that relations ask it as they ask what belongs to it."""
        return self.id

    def become(self, state: State) -> None:
        if not self.is_dissolved:
            self.state, self.is_dissolved = state, state is State.DISSOLVED


class Member:
    """A principal in a community. Who has left keeps a dated row, so that what was told late cannot bring them back."""

    __tablename__ = "member"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    joined_at: Mapped[datetime | None] = mapped_column(Moment, nullable=False)
    has_left: Mapped[bool]

    def join(self, name_fr: str, name_ar: str, joined_at: datetime) -> None:
        if self.joined_at is None or joined_at > self.joined_at:
            self.name_fr, self.name_ar, self.joined_at, self.has_left = name_fr, name_ar, joined_at, False

    def leave(self, left_at: datetime | None) -> None:
        """Unless they have joined again since: a leaving may be heard again."""
        if left_at is None or self.joined_at is None or left_at >= self.joined_at:
            self.has_left = True


class Accompaniment:
    """A companion to whom a community was given. What has ended keeps a row, so that nothing late brings it back."""

    __tablename__ = "accompaniment"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    companion_id: Mapped[UUID] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    has_ended: Mapped[bool]

    def become(self, changed_at: datetime, *, has_ended: bool) -> None:
        if self.changed_at is None or changed_at >= self.changed_at:
            self.changed_at, self.has_ended = changed_at, has_ended
