"""Companions: who supports which community. They see what its members let them see, and never vote."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.events import CompanionGiven, CompanionWithdrawn

from .community import Community


class AccompanimentState(StrEnum):
    CURRENT = "current"
    ENDED = "ended"


A = AccompanimentState


class Accompaniment(HasLifecycle, Entity, Base):
    """A community given to a companion; one row for each pair, however often it is given and withdrawn."""

    __tablename__ = "accompaniment"
    thing = "accompaniment"
    lifecycle: ClassVar[Lifecycle] = {A.CURRENT: frozenset({A.ENDED}), A.ENDED: frozenset({A.CURRENT})}

    community_id: Mapped[UUID] = mapped_column(ForeignKey(Community.id))
    companion_id: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[AccompanimentState] = mapped_column(word_of(AccompanimentState))
    given_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("community_id", "companion_id"),)

    @property
    def partition_key(self) -> str:
        return str(self.community_id)

    @classmethod
    def give(cls, community: Community, companion_id: UUID, *, now: datetime) -> Self:
        given = cls(community_id=community.id, companion_id=companion_id, state=A.CURRENT, given_at=now)
        given._tell_given()
        return given

    def give_again(self, *, now: datetime) -> None:
        self._become(A.CURRENT)
        self.given_at, self.ended_at = now, None
        self._tell_given()

    def withdraw(self, *, now: datetime) -> None:
        self._become(A.ENDED)
        self.ended_at = now
        pair = {"community_id": self.community_id, "companion_id": self.companion_id}
        self.record(CompanionWithdrawn(**pair, withdrawn_at=now))

    def _tell_given(self) -> None:
        pair = {"community_id": self.community_id, "companion_id": self.companion_id}
        self.record(CompanionGiven(**pair, given_at=self.given_at))
