"""The relay: hands stamped events to the broker, and remembers which of them it has taken.

An event of a key is sent only when the one before it is confirmed, so that a refusal can overtake nothing. One that
cannot be sent at all goes into quarantine: only its key waits.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from shared.domain.database import Sessions, among

from . import meters
from .leadership import Leadership
from .outbox import LARGEST, OutboxRow

BATCH = 500

log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """What of an outbox row the broker needs."""

    position: int
    id: UUID
    type: str
    partition_key: str
    payload: str


@dataclass
class Outcome:
    """What became of a batch, by position; what is in none of these was not sent, since its key has to wait."""

    confirmed: set[int] = field(default_factory=set)
    unrouted: set[int] = field(default_factory=set)  # confirmed, but no queue wanted them
    refused: set[int] = field(default_factory=set)


class Unsendable(Exception):
    """One of the events sent cannot be sent as it is, whenever it is tried."""


class Publisher(Protocol):
    def publish(self, rows: Sequence[Waiting]) -> Outcome:
        """Send, in order per partition key; raises `Unsendable`, or anything else when the broker is away."""

    def rest(self) -> None:
        """Called while there is nothing to send."""


class Relay:
    """One active per service; others stand by. Two at once, briefly, only send duplicates, each in order."""

    def __init__(self, sessions: Sessions, leadership: Leadership, publisher: Publisher) -> None:
        self._sessions, self._leadership, self._publisher = sessions, leadership, publisher

    def step(self) -> bool:
        """Send what waits; says whether there was anything that the broker took."""
        if not self._leadership.was_just_mine():
            return False
        rows = self._waiting()
        if not rows:
            self._publisher.rest()
        small = [row for row in rows if not self._is_too_large(row)]
        return bool(small) and self._publish(small)

    def _waiting(self) -> list[Waiting]:
        with self._sessions.reader() as session:
            return [Waiting._make(row) for row in session.execute(WAITING)]

    def _is_too_large(self, row: Waiting) -> bool:
        size = len(row.payload.encode())
        if size > LARGEST:
            self._quarantine(row, f"{size} bytes are more than the {LARGEST} that an event may have")
        return size > LARGEST

    def _publish(self, rows: Sequence[Waiting]) -> bool:
        try:
            return self._send(rows)
        except Unsendable as error:
            if len(rows) > 1:  # the broker does not say which one it was
                return self._publish(rows[: len(rows) // 2])
            self._quarantine(rows[0], str(error))
            return True

    def _send(self, rows: Sequence[Waiting]) -> bool:
        outcome = self._publisher.publish(rows)
        now = datetime.now(UTC)
        self._mark(outcome.confirmed - outcome.unrouted, published_at=now)
        self._mark(outcome.unrouted, published_at=now, unrouted_at=now)
        self._mark(outcome.refused, attempts=OutboxRow.attempts + 1, last_error="the broker refused it for now (nack)")
        return bool(outcome.confirmed)

    def _quarantine(self, row: Waiting, why: str) -> None:
        log.error("%s %s cannot be sent, its key %s waits: %s", row.type, row.id, row.partition_key, why)
        meters.quarantined.inc()
        self._mark({row.position}, quarantined_at=datetime.now(UTC), attempts=OutboxRow.attempts + 1, last_error=why)

    def _mark(self, positions: set[int], **values: Any) -> None:
        if positions:
            with self._sessions.statement() as session:
                session.execute(
                    update(OutboxRow).where(among(session, OutboxRow.position, positions)).values(**values),
                    execution_options={"synchronize_session": False},
                )


_stuck = aliased(OutboxRow)

WAITING = (
    select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.partition_key, OutboxRow.payload)
    .where(OutboxRow.published_at.is_(None), OutboxRow.position.is_not(None), OutboxRow.quarantined_at.is_(None))
    .where(~exists().where(_stuck.quarantined_at.is_not(None), _stuck.partition_key == OutboxRow.partition_key))
    .order_by(OutboxRow.position)
    .limit(BATCH)
)
