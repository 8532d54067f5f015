"""Circles are looked at again when something has happened, and as months pass: which communities, and how far."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.database import Moment

from .membership import Membership

AT_ONCE = 200  # members
AGAIN_AFTER = timedelta(days=7)  # what they took part in grows old


class CircleReview(Base):
    """When the members of a community are looked at again; `membership_id` is the last of those who were already."""

    __tablename__ = "circle_review"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    membership_id: Mapped[UUID | None]

    def went_over(self, members: Sequence[Membership], *, now: datetime) -> None:
        """A few at a time; after the last of them all rest for a while."""
        if len(members) == AT_ONCE:
            self.membership_id = members[-1].id
        else:
            self.membership_id, self.due_at = None, now + AGAIN_AFTER
