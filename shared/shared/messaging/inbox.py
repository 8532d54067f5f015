"""The inbox: each event takes effect once per subscription, in order per key, and none is dropped.

new ── done                      the handler ran; its effects and this row are one transaction
    ├─ retry ── done | dead      it failed; it is tried again later, and its key waits (blocked)
    ├─ blocked ── done           an earlier event of its key has not been handled yet
    └─ skipped                   nobody here hears this type
"""

import logging
import random
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Identity, Index, Text, UniqueConstraint, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Moment, Sessions, is_passing
from shared.events import Envelope, Undecodable, decode, encode

from .outbox import Counter
from .subscriptions import Subscriptions, Unrecoverable

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 3600))

log = logging.getLogger(__name__)


class Status(StrEnum):
    NEW = "new"
    DONE = "done"
    RETRY = "retry"
    BLOCKED = "blocked"
    DEAD = "dead"
    SKIPPED = "skipped"


PARKED = (Status.RETRY, Status.BLOCKED, Status.DEAD)
IS_PARKED = text("status IN ('retry', 'blocked', 'dead')")


class InboxRow(MessagingBase):
    """What a subscription has been told. The body is kept only while it is still needed."""

    __tablename__ = "inbox"

    seq: Mapped[int] = mapped_column(Counter, Identity(cache=1), primary_key=True)
    subscription: Mapped[str]
    message_id: Mapped[UUID]
    type: Mapped[str]
    partition_key: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    payload: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("subscription", "message_id"),
        Index(
            "ix_inbox_parked",
            "subscription",
            "partition_key",
            "seq",
            postgresql_where=IS_PARKED,
            sqlite_where=IS_PARKED,
        ),
    )


class Inbox:
    """The same for push and pull: both hand it envelopes, and neither can make it act twice."""

    def __init__(
        self, sessions: Sessions, subscriptions: Subscriptions, retry_after: Sequence[timedelta] = RETRY_AFTER
    ) -> None:
        self._sessions, self.subscriptions, self._retry_after = sessions, subscriptions, retry_after

    def receive(self, envelopes: Sequence[Envelope], then: Callable[[Session], None] = lambda _: None) -> None:
        """Take in a batch in one transaction; `then` joins it (a checkpoint, say).

        Raises only when the database is away or busy: nothing has happened then, and the batch may come again.
        """
        with self._sessions.transaction() as session:
            for envelope in envelopes:
                self._take_in(session, envelope)
            then(session)

    def _take_in(self, session: Session, envelope: Envelope) -> None:
        _lock_key(session, envelope.partitionkey)
        row = _insert_if_new(session, self.subscriptions.name, envelope)
        if row is None:
            log.info("seen before: %s %s", envelope.type, envelope.id)
        elif not self.subscriptions.hears(envelope.type):
            row.status = Status.SKIPPED
        elif self._oldest_parked(session, envelope.partitionkey):
            row.status, row.payload = Status.BLOCKED, encode(envelope).decode()
        else:
            self._handle(session, row, envelope)

    def _handle(self, session: Session, row: InboxRow, envelope: Envelope) -> None:
        try:
            with session.begin_nested():
                self.subscriptions.handle(envelope, session)
        except Exception as error:  # whatever a handler may raise is recorded, never lost
            if is_passing(error):
                raise
            self._park(row, envelope, error)
        else:
            row.status, row.payload, row.next_at = Status.DONE, None, None

    def _park(self, row: InboxRow, envelope: Envelope, error: Exception) -> None:
        hopeless = isinstance(error, Undecodable | Unrecoverable) or row.attempts >= len(self._retry_after)
        row.status = Status.DEAD if hopeless else Status.RETRY
        row.next_at = None if hopeless else _jittered(self._retry_after[row.attempts])
        row.attempts += 1
        row.payload = encode(envelope).decode()
        row.error = _storable("".join(traceback.format_exception(error)))
        log.error(
            "%s %s is %s after attempt %d: %s",
            row.type,
            row.message_id,
            row.status,
            row.attempts,
            _storable(str(error)),
        )

    def retry_due(self) -> bool:
        """Try again what is due, and all that waited behind it; says whether anything moved."""
        return sum(self._move_on(key) for key in self._due_keys()) > 0

    def _due_keys(self, most: int = 50) -> Sequence[str]:
        due = (InboxRow.subscription == self.subscriptions.name) & (InboxRow.next_at <= datetime.now(UTC))
        with self._sessions.reader() as session:
            is_due = (InboxRow.status == Status.RETRY) & due
            return session.scalars(select(InboxRow.partition_key).where(is_due).distinct().limit(most)).all()

    def _move_on(self, key: str) -> int:
        moved = 0
        while self._retry_oldest(key):
            moved += 1
        return moved

    def _retry_oldest(self, key: str) -> bool:
        with self._sessions.transaction() as session:
            _lock_key(session, key)
            row = self._oldest_parked(session, key)
            if row is None or not _may_go(row):
                return False
            self._handle(session, row, decode(row.payload))
            return row.status == Status.DONE

    def _oldest_parked(self, session: Session, key: str) -> InboxRow | None:
        mine = (InboxRow.subscription == self.subscriptions.name) & (InboxRow.partition_key == key)
        parked = select(InboxRow).where(mine, InboxRow.status.in_(PARKED))
        return session.scalars(parked.order_by(InboxRow.seq).limit(1)).first()


def _storable(text: str) -> str:
    """An error's text may repeat characters that no database takes."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def _may_go(row: InboxRow) -> bool:
    due = row.next_at is None or row.next_at <= datetime.now(UTC)
    return row.status == Status.BLOCKED or (row.status == Status.RETRY and due)


def _jittered(delay: timedelta) -> datetime:
    return datetime.now(UTC) + delay * random.uniform(0.5, 1.5)


def _lock_key(session: Session, key: str) -> None:
    # SQLite has one writer at a time: its transaction is the lock.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _insert_if_new(session: Session, subscription: str, envelope: Envelope) -> InboxRow | None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    wish = insert(InboxRow).values(
        subscription=subscription,
        message_id=envelope.id,
        type=envelope.type,
        partition_key=envelope.partitionkey,
        status=Status.NEW,
        attempts=0,
        received_at=datetime.now(UTC),
    )
    return session.scalars(wish.on_conflict_do_nothing().returning(InboxRow)).one_or_none()
