"""The inbox's table, and the few questions that receiving, retrying and operators all ask of it."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Identity, Index, Result, Text, UniqueConstraint, bindparam, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Moment, among, is_postgresql, table_of

from .outbox import Counter
from .subscriptions import Subscriptions


class Status(StrEnum):
    DONE = "done"
    RETRY = "retry"
    BLOCKED = "blocked"
    DEAD = "dead"
    DISCARDED = "discarded"
    SKIPPED = "skipped"


IS_PARKED = text("status IN ('retry', 'blocked', 'dead')")
IS_DUE = text("status = 'retry'")
IS_DEAD = text("status = 'dead'")
IS_KEPT = text("(payload IS NOT NULL OR error IS NOT NULL)")  # it holds more than the fact that it was handled


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
    died_at: Mapped[datetime | None] = mapped_column(Moment)
    payload: Mapped[str | None] = mapped_column(Text)
    exception: Mapped[str | None]
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
        Index("ix_inbox_due", "subscription", "next_at", postgresql_where=IS_DUE, sqlite_where=IS_DUE),
        Index("ix_inbox_dead", "seq", postgresql_where=IS_DEAD, sqlite_where=IS_DEAD),
        Index("ix_inbox_received_at", "received_at"),
        Index("ix_inbox_kept", "seq", postgresql_where=IS_KEPT, sqlite_where=IS_KEPT),
    )


def lock_keys(session: Session, keys: Collection[str]) -> None:
    """One transaction at a time works on a key. SQLite has one writer anyway: its transaction is the lock."""
    if is_postgresql(session):
        session.execute(
            LOCK_KEYS, {"keys": sorted(keys)}
        )  # everybody in the same order, so that nobody waits in a ring


LOCK_KEYS = text("SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(CAST(:keys AS text[])) AS key")


def insert_new(session: Session, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Insert what the subscription has not been told before; returns the ids of these."""
    if not rows:
        return set()
    found = _insert_arrays(session, rows) if is_postgresql(session) else session.connection().execute(INSERT, rows)
    return set(found.scalars())


def _insert_arrays(session: Session, rows: Sequence[dict[str, Any]]) -> Result[Any]:
    # One array a column: the statement is the same for any number of rows, so that it is prepared once.
    return session.execute(INSERT_ARRAYS, {name: [row[name] for row in rows] for name in ENTERED})


table = table_of(InboxRow)
ENTERED = ("subscription", "message_id", "type", "partition_key", "status", "attempts", "received_at", "died_at",
           "payload", "error")  # fmt: skip
INSERT = sqlite.insert(table).on_conflict_do_nothing().returning(table.c.message_id)
_arrays = func.unnest(*(bindparam(name, type_=ARRAY(table.c[name].type)) for name in ENTERED))
INSERT_ARRAYS = (
    postgresql.insert(table)
    .from_select(ENTERED, select(_arrays.table_valued(*ENTERED).render_derived()))
    .on_conflict_do_nothing()
    .returning(table.c.message_id)
)


def row_of(session: Session, subscriptions: Subscriptions, message_id: UUID) -> InboxRow:
    mine = InboxRow.subscription == subscriptions.name
    return session.scalars(select(InboxRow).where(mine, InboxRow.message_id == message_id)).one()


def parked_keys(session: Session, subscriptions: Subscriptions, keys: Collection[str]) -> set[str]:
    """Those of the keys under which something waits, so that nothing later may go before it."""
    mine = (InboxRow.subscription == subscriptions.name) & among(session, InboxRow.partition_key, keys)
    return set(session.scalars(select(InboxRow.partition_key).where(mine, holds_back(subscriptions)).distinct()))


def oldest_parked(session: Session, subscriptions: Subscriptions, key: str) -> InboxRow | None:
    mine = (InboxRow.subscription == subscriptions.name) & (InboxRow.partition_key == key)
    waiting = select(InboxRow).where(mine, holds_back(subscriptions)).order_by(InboxRow.seq)
    return session.scalars(waiting.limit(1)).first()


def wake_oldest(session: Session, subscriptions: Subscriptions, key: str) -> None:
    """Retries look for what is due, so the first in the line must be; the others follow it."""
    oldest = oldest_parked(session, subscriptions, key)
    if oldest and oldest.status == Status.BLOCKED:
        oldest.status, oldest.next_at = Status.RETRY, datetime.now(UTC)


def holds_back(subscriptions: Subscriptions) -> Any:
    """The statuses in which an event keeps later ones of its key waiting."""
    waiting = (Status.RETRY, Status.BLOCKED)
    # Said this way, the partial index of what is parked serves both.
    return IS_PARKED & InboxRow.status.in_((*waiting, Status.DEAD) if subscriptions.dead_block else waiting)
