"""The outbox: events wait here, written in the same transaction as the change they tell of."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import BigInteger, Identity, Index, Integer, Text, UniqueConstraint, event, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Moment, Sessions, new_id, table_of
from shared.domain.entity import Entity, Recorded
from shared.events import Envelope, encode, encode_data

from .person_index import Mention, mentions

UNSTAMPED = text("position IS NULL")
UNPUBLISHED = text("published_at IS NULL AND position IS NOT NULL")
QUARANTINED = text("quarantined_at IS NOT NULL")
LARGEST = 1024 * 1024  # bytes of one event; brokers refuse what is much larger
Counter = BigInteger().with_variant(Integer, "sqlite")


class OutboxRow(MessagingBase):
    """One event. Never deleted by the relay; `position` and `published_at` are set once, by the relay alone.

    One that cannot be sent as it is goes into quarantine: it and what follows it under its key wait for an operator.
    The first columns bear Debezium's names, so that change data capture could replace the relay.
    """

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(Counter, Identity(cache=1), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    aggregatetype: Mapped[str]
    aggregateid: Mapped[str]
    partition_key: Mapped[str]
    sequence: Mapped[int]
    type: Mapped[str]
    payload: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(Moment)
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    unrouted_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    quarantined_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("aggregatetype", "aggregateid", "sequence"),
        Index("ix_outbox_unstamped", "seq", postgresql_where=UNSTAMPED, sqlite_where=UNSTAMPED),
        Index("ix_outbox_unpublished", "position", postgresql_where=UNPUBLISHED, sqlite_where=UNPUBLISHED),
        Index("ix_outbox_quarantined", "partition_key", postgresql_where=QUARANTINED, sqlite_where=QUARANTINED),
    )


ENTER_MENTIONS = insert(table_of(Mention)).inline()


def install(sessions: Sessions, service: str) -> None:
    """From now on, what entities record in these sessions reaches the outbox with the flush that saves them."""
    # After the entities themselves, so that of two who change the same one, the later is told that it is stale.
    event.listen(sessions.writing, "after_flush", partial(_write_rows, service=service))
    event.listen(sessions.writing, "after_soft_rollback", _forget)


def _write_rows(session: Session, _context: Any, *, service: str) -> None:
    told = [one for entity in _entities(session) for one in _told(entity, service)]
    # Without the unit of work, which would keep every row in memory until the commit.
    if told:
        session.connection().execute(insert(table_of(OutboxRow)).inline(), [row for row, _ in told])
    if mentioned := [mention for row, event in told for mention in mentions(event, row["id"])]:
        session.connection().execute(ENTER_MENTIONS, mentioned)
    _forget(session)


def _forget(session: Session, _previous: Any = None) -> None:
    # A handler rolled back to its savepoint leaves its entities behind; what they recorded never happened.
    for entity in _entities(session):
        entity.forget_recorded()


def _entities(session: Session) -> list[Entity]:
    return [
        thing for thing in (*session.new, *session.identity_map.values()) if isinstance(thing, Entity) and thing.records
    ]


def _told(entity: Entity, service: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each row with the event in it."""
    first = entity.last_sequence - len(entity.records) + 1
    told: UUID | None = None
    for sequence, record in enumerate(entity.records, first):
        envelope = _wrap(entity, record, sequence, service, twin_of=told if record.is_twin else None)
        told = envelope.id
        yield _row(entity, envelope, sequence), record.event


def _row(entity: Entity, envelope: Envelope, sequence: int) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "aggregatetype": entity.__tablename__,
        "aggregateid": str(entity.id),
        "partition_key": envelope.partitionkey,
        "sequence": sequence,
        "type": envelope.type,
        "payload": encode(envelope).decode(),
        "occurred_at": envelope.time,
        "attempts": 0,
    }


def _wrap(entity: Entity, record: Recorded, sequence: int, service: str, twin_of: UUID | None) -> Envelope:
    correlation = record.correlation
    return Envelope(
        specversion="1.0",
        id=new_id(),
        type=record.event.wire_type,
        source=f"/{service}",
        subject=f"{entity.__tablename__}/{entity.id}",
        time=datetime.now(UTC),
        partitionkey=entity.partition_key,
        sequence=f"{sequence:012d}",
        correlationid=correlation.id or UNSET,
        causationid=correlation.cause or UNSET,
        traceparent=correlation.traceparent or UNSET,
        twinof=twin_of or UNSET,
        data=encode_data(record.event),
    )
