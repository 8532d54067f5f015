"""What membership has told this service: communities and who belongs to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import Moment
from shared.domain.refusals import Refused
from shared.domain.units import Unit
from shared.events import FORMER_MEMBER

from .model import Base


class UnknownCommunity(LookupError):
    """Something was told of a community before the community itself: try again later."""


class UnknownMember(LookupError):
    """Somebody left before they were known to have joined: try again later."""


class Community(Base):
    """A community and its confirmed coordinator; none while the office is vacant. Once dissolved, it stays so."""

    __tablename__ = "community"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    delegation_id: Mapped[UUID]
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    coordinator_id: Mapped[UUID | None] = mapped_column(index=True)
    is_dissolved: Mapped[bool] = mapped_column(default=False, server_default=false())

    def move(self, delegation_id: UUID) -> None:
        self.delegation_id = delegation_id

    def dissolve(self) -> None:
        self.is_dissolved = True

    def demand_undissolved(self) -> None:
        if self.is_dissolved:
            raise Refused("community.dissolved")

    def confirm(self, principal_id: UUID) -> None:
        self.coordinator_id = principal_id

    def lose(self, principal_id: UUID) -> None:
        if self.coordinator_id == principal_id:
            self.coordinator_id = None


class Member(Base):
    """A principal in a community. Who has left keeps a row, so that what was told late cannot bring them back."""

    __tablename__ = "member"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(Moment)
    has_left: Mapped[bool]

    def join(self, *, name_fr: str, name_ar: str, joined_at: datetime) -> None:
        if self.joined_at is None or joined_at > self.joined_at:
            self.name_fr, self.name_ar = name_fr, name_ar
            self.joined_at, self.has_left = joined_at, False

    def leave(self, left_at: datetime | None) -> None:
        """Unless they have joined again since: a leaving may be heard again."""
        if left_at is None or left_at >= self.joined_at:
            self.has_left = True

    def forget(self) -> None:
        """Who was erased is a former member to everybody."""
        self.name_fr, self.name_ar = FORMER_MEMBER.name_fr, FORMER_MEMBER.name_ar


class Accompaniment(Base):
    """A companion to whom a community was given. What has ended keeps a row, so that nothing late brings it back."""

    __tablename__ = "accompaniment"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    companion_id: Mapped[UUID] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    has_ended: Mapped[bool]

    def begin(self, changed_at: datetime) -> None:
        self._become(changed_at, has_ended=False)

    def end(self, changed_at: datetime) -> None:
        self._become(changed_at, has_ended=True)

    def _become(self, changed_at: datetime, *, has_ended: bool) -> None:
        if self.changed_at is None or changed_at >= self.changed_at:
            self.changed_at, self.has_ended = changed_at, has_ended


projections = [Community, Member, Accompaniment, Unit]
