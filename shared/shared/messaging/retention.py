"""How long the inbox remembers what it was told, and why forgetting cannot make anything happen twice.

Ids of what is done are deleted after `KEPT_FOR`. From then on, an event from before that horizon whose id is unknown
may be new or may be forgotten: nobody can tell. It is therefore neither applied nor dropped but put before an operator.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Moment, among
from shared.events import Envelope

from .inbox_row import InboxRow, Status

KEPT_FOR = timedelta(days=90)
CLOCKS_AGREE_WITHIN = timedelta(hours=1)  # an event is told before it is received, by clocks of different machines

ENDED = (Status.DONE, Status.SKIPPED, Status.DISCARDED)


class Horizon(MessagingBase):
    """Before this moment, a subscription has forgotten what it was told."""

    __tablename__ = "inbox_horizon"

    subscription: Mapped[str] = mapped_column(primary_key=True)
    forgotten_before: Mapped[datetime] = mapped_column(Moment)


def forget(session: Session, before: datetime, most: int) -> int:
    """Delete the oldest ids that nobody needs any more, so many at most; returns how many."""
    oldest = select(InboxRow.seq, InboxRow.subscription).where(
        InboxRow.received_at < before, InboxRow.status.in_(ENDED)
    )
    found = session.execute(oldest.order_by(InboxRow.received_at).limit(most)).all()
    for subscription in {row.subscription for row in found}:
        session.merge(Horizon(subscription=subscription, forgotten_before=before + CLOCKS_AGREE_WITHIN))
    session.execute(delete(InboxRow).where(among(session, InboxRow.seq, [row.seq for row in found])))
    return len(found)


def perhaps_forgotten(session: Session, subscription: str, envelopes: Collection[Envelope], now: datetime) -> set[UUID]:
    """The ids of those that are unknown, and so old that they may have been forgotten."""
    old = [e for e in envelopes if e.time < now - KEPT_FOR + CLOCKS_AGREE_WITHIN]
    # Locked, so that nothing is forgotten between this question and the insert.
    horizon = session.get(Horizon, subscription, with_for_update=True) if old else None
    if horizon is None:
        return set()
    beyond = {e.id for e in old if e.time < horizon.forgotten_before}
    mine = InboxRow.subscription == subscription
    return beyond - set(
        session.scalars(select(InboxRow.message_id).where(mine, among(session, InboxRow.message_id, beyond)))
    )
