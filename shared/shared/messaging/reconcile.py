"""What subscribers hold and a restored publisher has lost: questions that, asked in turn, bring it to light.

`halqa reconcile` asks each subscriber what it was told by a publisher, and the publisher what of that it does not know.
Nothing is mended here: whether an effect stays is for people to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import NotFound

from .inbox_row import InboxRow
from .log import Log
from .outbox import OutboxRow

CLOCKS_AGREE_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """Where a log stands. What was told since `in_doubt_since` may be told otherwise; None if nothing, or all of it."""

    epoch: UUID
    last_position: int
    began_at: datetime | None
    began_after: int | None
    in_doubt_since: datetime | None


def standing(session: Session, actor: Actor) -> Standing:
    permit(session, actor, "show_log", EVERYTHING)
    log = session.get(Log, 1)
    if log is None:
        raise NotFound("log.empty")
    last_kept = session.scalar(select(OutboxRow.occurred_at).where(OutboxRow.position == log.began_after))
    doubt = last_kept - CLOCKS_AGREE_WITHIN if last_kept else None
    return Standing(log.epoch, log.last_position, log.began_at, log.began_after, doubt)


def held(
    session: Session, actor: Actor, *, publisher: str, since: datetime | None, after: int, limit: int
) -> Sequence[InboxRow]:
    """What this service was told by the publisher, in the order in which it came, without its content."""
    permit(session, actor, "list_held", EVERYTHING)
    after = max(after, _before_first(session, since)) if since else after
    told = InboxRow.type.startswith(f"{publisher}.", autoescape=True)
    rows = select(InboxRow).options(defer(InboxRow.payload), defer(InboxRow.error))
    return session.scalars(rows.where(InboxRow.seq > after, told).order_by(InboxRow.seq).limit(limit)).all()


def _before_first(session: Session, since: datetime) -> int:
    first = session.scalar(select(func.min(InboxRow.seq)).where(InboxRow.received_at >= since))
    return first - 1 if first else session.scalar(select(func.max(InboxRow.seq))) or 0


def unknown(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[UUID]:
    """Those of the ids that this service's log does not hold."""
    permit(session, actor, "list_unknown", EVERYTHING)
    known = set(session.scalars(select(OutboxRow.id).where(among(session, OutboxRow.id, ids))))
    return [id for id in ids if id not in known]
