"""Where dead letters lie: dead rows of the inbox, quarantined rows of the outbox; put back in order, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session, defer

from .inbox_row import IS_DEAD, InboxRow, Status, lock_keys, wake_oldest
from .outbox import QUARANTINED, OutboxRow
from .subscriptions import OnDead, Subscriptions

GIVEN_UP = "GivenUpByBroker"  # an event that the broker delivered too often, say
UNREADABLE = "UnreadableMessage"  # no event at all
FROM_BROKER = (GIVEN_UP, UNREADABLE)

UNSENDABLE = "Unsendable"
LONGEST_SUMMARY = 300  # characters


class Source(StrEnum):
    INBOX = "inbox"  # it could not be applied
    OUTBOX = "outbox"  # it could not be sent
    BROKER = "broker"  # it could not even be taken in


@dataclass(frozen=True)
class Wish:
    """Which dead letters; what is None is not asked."""

    type: str | None = None
    exception: str | None = None
    source: Source | None = None
    subscription: str | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A dead letter wherever it lies. `id` is the event's; what is not known (any more) is None."""

    id: UUID
    source: str
    type: str
    status: str
    subscription: str | None = None
    partition_key: str | None = None
    attempts: int | None = None
    exception: str | None = None
    trace: str | None = None
    came_at: datetime | None = None
    died_at: datetime | None = None
    payload: str | None = None

    @property
    def error(self) -> str | None:
        """In one line: the last of a traceback says it."""
        lines = (self.trace or "").strip().splitlines()
        return lines[-1].strip()[:LONGEST_SUMMARY] if lines else None


class Shelf(Protocol):
    """One of the two tables. A row is handed over only while it is held, see `hold`."""

    name: str
    row: Any

    def dead(self, wish: Wish) -> Select[Any]:
        """Those that are wished for."""

    def of(self, id: UUID) -> Any:
        """The condition that a row holds this event."""

    def ever(self, id: UUID, subscription: str | None) -> Select[Any]:
        """The one of this event, dead or not."""

    def read(self, row: Any, *, payload: bool = False) -> Letter: ...

    def hold(self, session: Session, rows: Sequence[Any]) -> Sequence[Any]:
        """Those that are still dead; nobody else touches them until the transaction ends."""

    def replay(self, session: Session, row: Any) -> None: ...

    def discard(self, session: Session, row: Any, why: str) -> None: ...


class InboxShelf:
    """What is replayed takes its old place in the line of its key; what is discarded leaves it."""

    name, row = "inbox", InboxRow

    def __init__(self, on_dead: OnDead) -> None:
        self._on_dead = on_dead

    def dead(self, wish: Wish) -> Select[Any]:
        return select(InboxRow).where(IS_DEAD, *_wished(wish))

    def of(self, id: UUID) -> Any:
        return InboxRow.message_id == id

    def ever(self, id: UUID, subscription: str | None) -> Select[Any]:
        return select(InboxRow).where(InboxRow.subscription == subscription, self.of(id))

    def read(self, row: InboxRow, *, payload: bool = False) -> Letter:
        return Letter(
            id=row.message_id,
            source=Source.BROKER if row.exception in FROM_BROKER else Source.INBOX,
            subscription=row.subscription,
            type=row.type,
            partition_key=row.partition_key,
            status=row.status,
            attempts=row.attempts,
            exception=row.exception,
            trace=row.error,
            came_at=row.received_at,
            died_at=row.died_at,
            payload=row.payload if payload else None,
        )

    def hold(self, session: Session, rows: Sequence[InboxRow]) -> Sequence[InboxRow]:
        lock_keys(session, {row.partition_key for row in rows})
        return _look_again(session, InboxRow, rows, IS_DEAD)

    def replay(self, session: Session, row: InboxRow) -> None:
        row.status, row.attempts, row.died_at = Status.BLOCKED, 0, None
        self._wake_oldest(session, row)

    def discard(self, session: Session, row: InboxRow, why: str) -> None:
        """The body goes: nobody needs it here any more, and its publisher's log still has it."""
        row.status, row.payload, row.next_at = Status.DISCARDED, None, None
        self._wake_oldest(session, row)

    def _wake_oldest(self, session: Session, row: InboxRow) -> None:
        wake_oldest(session, Subscriptions(row.subscription, on_dead=self._on_dead), row.partition_key)


class OutboxShelf:
    """Once out of quarantine, the relay sends the row, or passes it over; what waits behind its key follows."""

    name, row = "outbox", OutboxRow

    def dead(self, wish: Wish) -> Select[Any]:
        is_elsewhere = wish.subscription or wish.source not in (None, Source.OUTBOX)
        wished = [] if wish.type is None else [OutboxRow.type == wish.type]
        if is_elsewhere or wish.exception not in (None, UNSENDABLE):
            wished = [false()]
        return select(OutboxRow).where(QUARANTINED, *wished)

    def of(self, id: UUID) -> Any:
        return OutboxRow.id == id

    def ever(self, id: UUID, subscription: str | None) -> Select[Any]:
        return select(OutboxRow).where(self.of(id))

    def read(self, row: OutboxRow, *, payload: bool = False) -> Letter:
        return Letter(
            id=row.id,
            source=Source.OUTBOX,
            type=row.type,
            partition_key=row.partition_key,
            status=_status(row),
            attempts=row.attempts,
            exception=UNSENDABLE,
            trace=row.last_error,
            came_at=row.occurred_at,
            died_at=row.quarantined_at,
            payload=row.payload if payload else None,
        )

    def hold(self, session: Session, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
        return _look_again(session, OutboxRow, rows, QUARANTINED)

    def replay(self, session: Session, row: OutboxRow) -> None:
        row.quarantined_at = None

    def discard(self, session: Session, row: OutboxRow, why: str) -> None:
        """The row stays whole: the log has no gaps, and the feed goes on showing it."""
        row.quarantined_at, row.published_at, row.last_error = None, datetime.now(UTC), why


def _wished(wish: Wish) -> list[Any]:
    named = {"type": wish.type, "exception": wish.exception, "subscription": wish.subscription}
    wished = [getattr(InboxRow, name) == value for name, value in named.items() if value is not None]
    is_from_broker = InboxRow.exception.in_(FROM_BROKER)
    by_source = {
        Source.BROKER: is_from_broker,
        Source.INBOX: or_(InboxRow.exception.is_(None), ~is_from_broker),
        Source.OUTBOX: false(),
    }
    return wished if wish.source is None else [*wished, by_source[wish.source]]


def _look_again(session: Session, table: Any, rows: Sequence[Any], is_dead: Any) -> Sequence[Any]:
    again = select(table).where(table.seq.in_([row.seq for row in rows]), is_dead).order_by(table.seq)
    again = again.options(defer(table.payload))
    return session.scalars(again.with_for_update().execution_options(populate_existing=True)).all()


def _status(row: OutboxRow) -> str:
    if row.quarantined_at:
        return "quarantined"
    return "published" if row.published_at else "waiting"
