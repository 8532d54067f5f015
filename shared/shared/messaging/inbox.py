"""The inbox: each event takes effect once per subscription, in order per key, and none is dropped.

done                   the handlers ran; their effects and this row are one transaction
retry ── done | dead   they failed; tried again later, and the key waits
blocked ── done        an earlier event of its key has not been handled yet
dead ── done           tried often enough, or hopeless; an operator replays it
    └─ discarded       or gives it up, with a reason
skipped                nobody here hears this type
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from shared.domain.database import Sessions, is_conflict, is_passing
from shared.events import Envelope, Undecodable, decode, encode

from . import meters
from .erasure import redacted
from .inbox_row import (
    IS_DUE,
    InboxRow,
    Status,
    insert_new,
    lock_keys,
    oldest_parked,
    parked_keys,
    row_of,
    wake_oldest,
)
from .parking import RETRY_AFTER, block, may_go, park, settle
from .retention import perhaps_forgotten
from .subscriptions import Subscriptions

ATTEMPTS_AT_ONCE = 3  # when transactions were in each other's way

PERHAPS_FORGOTTEN = (
    "This event is older than what the inbox remembers: it may have been handled before. "
    "Look whether its effect is there; then replay it, or discard it."
)


def nothing_else(_session: Session) -> None:
    pass


class Inbox:
    """The same for push and pull: both hand it envelopes, and neither can make it act twice."""

    def __init__(
        self, sessions: Sessions, subscriptions: Subscriptions, retry_after: Sequence[timedelta] = RETRY_AFTER
    ) -> None:
        self._sessions, self.subscriptions, self._retry_after = sessions, subscriptions, retry_after

    def receive(
        self, envelopes: Sequence[Envelope], then: Callable[[Session], None] = nothing_else, *, again: bool = False
    ) -> None:
        """Take in a batch in one transaction; `then` joins it (a checkpoint, say).

        `again` says that all this was told before, so that what is unknown was forgotten rather than missed.
        Raises only when the database is away or busy: nothing has happened then, and the batch may come again.
        """
        for _ in range(ATTEMPTS_AT_ONCE - 1):
            try:
                return self._receive(envelopes, then, again)
            except DBAPIError as error:
                if not is_conflict(error):
                    raise
        return self._receive(envelopes, then, again)

    def _receive(self, envelopes: Sequence[Envelope], then: Callable[[Session], None], again: bool) -> None:
        with self._sessions.transaction() as session:
            envelopes = self._hold(session, envelopes) if envelopes else []
            statuses = self._enter(session, envelopes, again) if envelopes else {}
            fresh = {e.id: e for e in envelopes if statuses.get(e.id) is Status.DONE}
            statuses |= self._handle_all(session, list(fresh.values()))
            then(session)
        self._count(envelopes, statuses)

    def _hold(self, session: Session, envelopes: Sequence[Envelope]) -> Sequence[Envelope]:
        """Nobody else works on their keys; what tells of somebody erased is told without them."""
        lock_keys(session, {e.partitionkey for e in envelopes})
        return redacted(session, envelopes)

    def _enter(self, session: Session, envelopes: Sequence[Envelope], again: bool) -> dict[UUID, Status]:
        """Write down what is new, and say what is to become of it; `DONE` for what is now to be handled."""
        forgotten = perhaps_forgotten(session, self.subscriptions.name, envelopes, datetime.now(UTC))
        told = {e.id: e for e in envelopes if not (again and e.id in forgotten)}
        statuses = self._statuses(session, told, forgotten)
        new = insert_new(session, [self._row(e, statuses[e.id]) for e in told.values()])
        return {id: statuses[id] for id in new}

    def _statuses(self, session: Session, event: dict[UUID, Envelope], forgotten: set[UUID]) -> dict[UUID, Status]:
        waiting = parked_keys(session, self.subscriptions, {e.partitionkey for e in event.values()})
        statuses = {}
        for envelope in event.values():
            statuses[envelope.id] = self._status(envelope, waiting, forgotten)
            if statuses[envelope.id] is Status.DEAD and self.subscriptions.dead_block:
                waiting.add(envelope.partitionkey)
        return statuses

    def _status(self, envelope: Envelope, waiting: set[str], forgotten: set[UUID]) -> Status:
        if not self.subscriptions.hears(envelope):
            return Status.SKIPPED
        if envelope.id in forgotten:
            return Status.DEAD
        return Status.BLOCKED if envelope.partitionkey in waiting else Status.DONE

    def _row(self, envelope: Envelope, status: Status) -> dict[str, Any]:
        now, is_dead = datetime.now(UTC), status is Status.DEAD
        return {
            "subscription": self.subscriptions.name,
            "message_id": envelope.id,
            "type": envelope.type,
            "partition_key": envelope.partitionkey,
            "status": status,
            "attempts": 0,
            "received_at": now,
            "died_at": now if is_dead else None,
            "payload": encode(envelope).decode() if status in (Status.BLOCKED, Status.DEAD) else None,
            "error": PERHAPS_FORGOTTEN if is_dead else None,
        }

    def _handle_all(self, session: Session, envelopes: Sequence[Envelope]) -> dict[UUID, Status]:
        """Returns what became of those that could not be handled."""
        if len(envelopes) > 1 and self._attempt(session, envelopes) is None:
            return {}
        # One of them fails, or there is only one: each by itself, and what follows a failure under its key waits.
        stuck: set[str] = set()
        parked: dict[UUID, Status] = {}
        for envelope in envelopes:
            if status := self._handle_alone(session, envelope, envelope.partitionkey in stuck):
                parked[envelope.id] = status
                if status is not Status.DEAD or self.subscriptions.dead_block:
                    stuck.add(envelope.partitionkey)
        return parked

    def _handle_alone(self, session: Session, envelope: Envelope, must_wait: bool) -> Status | None:
        error = None if must_wait else self._attempt(session, [envelope])
        if error is None and not must_wait:
            return None
        row = row_of(session, self.subscriptions, envelope.id)
        park(row, encode(envelope).decode(), error, self._retry_after) if error else block(row, envelope)
        return Status(row.status)

    def _attempt(self, session: Session, envelopes: Sequence[Envelope]) -> Exception | None:
        """Handle them all or none; returns why it failed, unless it is the database that is away or busy."""
        try:
            with session.begin_nested():
                for envelope in envelopes:
                    self.subscriptions.handle(envelope, session)
        except Exception as error:  # whatever a handler may raise is recorded, never lost
            if is_passing(error):
                raise
            return error
        return None

    def _count(self, envelopes: Sequence[Envelope], statuses: dict[UUID, Status]) -> None:
        name, now = self.subscriptions.name, datetime.now(UTC)
        for status, number in Counter(statuses.values()).items():
            meters.received.labels(name, status).inc(number)
        meters.duplicates.labels(name).inc(len(envelopes) - len(statuses))
        lag = meters.apply_seconds.labels(name)
        for envelope in envelopes:
            if statuses.get(envelope.id) is Status.DONE:
                lag.observe(max(0.0, (now - envelope.time).total_seconds()))

    def answers(self) -> bool:
        """Does the database?"""
        try:
            with self._sessions.reader() as session:
                return bool(session.scalar(text("SELECT 1")) == 1)
        except SQLAlchemyError:
            return False

    def retry_due(self) -> bool:
        """Try again what is due, and all that waited behind it; says whether anything moved."""
        return sum(self._move_on(key) for key in self._due_keys()) > 0

    def _due_keys(self, most: int = 50) -> Sequence[str]:
        mine = (InboxRow.subscription == self.subscriptions.name) & (InboxRow.next_at <= datetime.now(UTC))
        due = select(InboxRow.partition_key, InboxRow.next_at).where(mine, IS_DUE).order_by(InboxRow.next_at)
        with self._sessions.reader() as session:
            return list(dict.fromkeys(session.scalars(due.limit(most))))

    def _move_on(self, key: str) -> int:
        moved = 0
        while self._retry_oldest(key):
            moved += 1
        return moved

    def _retry_oldest(self, key: str) -> bool:
        with self._sessions.transaction() as session:
            lock_keys(session, {key})
            row = oldest_parked(session, self.subscriptions, key)
            if row is None or not may_go(row):
                return False
            payload = row.payload or ""
            if error := self._attempt_again(session, payload):
                park(row, payload, error, self._retry_after)
            else:
                settle(row)
            gives_way = row.status == Status.DEAD and not self.subscriptions.dead_block
            if moved := gives_way or row.status == Status.DONE:
                wake_oldest(session, self.subscriptions, key)  # or it would wait for ever, should this process die now
            return moved

    def _attempt_again(self, session: Session, payload: str) -> Exception | None:
        try:
            return self._attempt(session, redacted(session, [decode(payload)]))
        except Undecodable as error:  # the broker's dead letters may be anything
            return error
