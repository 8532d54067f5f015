"""Stays: every time that somebody belonged to a community, kept for good; a membership only knows the present."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from membership.communities import Community
from membership.ground import Base
from membership.people import Principal
from shared.domain.database import Moment, new_id, word_of

from .leaving import Leaving
from .membership import Membership

OPEN_HOME = text("is_home AND left_at IS NULL")
OPEN = text("left_at IS NULL")


class Stay(Base):
    """From their yes to the day they went; one open stay at a home community, and one at each community, at most."""

    __tablename__ = "stay"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Community.id), index=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    is_home: Mapped[bool]
    joined_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    leaving: Mapped[Leaving | None] = mapped_column(word_of(Leaving))

    __table_args__ = (
        Index("uq_stay_home", "principal_id", unique=True, postgresql_where=OPEN_HOME, sqlite_where=OPEN_HOME),
        Index("uq_stay_open", "community_id", "principal_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
    )

    @classmethod
    def begin(cls, membership: Membership) -> Self:
        """It begins when the membership does."""
        return cls(
            id=new_id(),
            community_id=membership.community_id,
            principal_id=membership.principal_id,
            is_home=membership.is_home,
            joined_at=membership.joined_at or membership.answered_at,
        )

    def end(self, leaving: Leaving, *, now: datetime) -> None:
        self.left_at, self.leaving = now, leaving

    def resume(self) -> None:
        """What ended it was taken back: it goes on as if it had never ended."""
        self.left_at = self.leaving = None
