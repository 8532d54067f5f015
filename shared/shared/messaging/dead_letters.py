"""Dead letters: what could not be applied or sent, until an operator replays it or gives it up, with a reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Identity, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import MessagingBase, Moment

from .outbox import Counter


class Verdict(MessagingBase):
    """What an operator decided about a dead letter, and why. Never changed, never deleted."""

    __tablename__ = "dead_letter_verdict"

    seq: Mapped[int] = mapped_column(Counter, Identity(cache=1), primary_key=True)
    letter_id: Mapped[UUID] = mapped_column(index=True)
    source: Mapped[str]
    type: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(Moment)
