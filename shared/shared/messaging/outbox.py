"""The outbox: events wait here, written in the same transaction as the change they tell of."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import BigInteger, Identity, Index, Integer, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.correlation import current
from shared.domain.database import MessagingBase, Moment, Sessions, new_id
from shared.domain.entity import Entity
from shared.events import Envelope, encode, encode_data

UNSTAMPED = text("position IS NULL")
UNPUBLISHED = text("published_at IS NULL AND position IS NOT NULL")
Counter = BigInteger().with_variant(Integer, "sqlite")


class OutboxRow(MessagingBase):
    """One event. Never deleted by the relay; `position` and `published_at` are set once, by the relay alone.

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

    __table_args__ = (
        UniqueConstraint("aggregatetype", "aggregateid", "sequence"),
        Index("ix_outbox_unstamped", "seq", postgresql_where=UNSTAMPED, sqlite_where=UNSTAMPED),
        Index("ix_outbox_unpublished", "position", postgresql_where=UNPUBLISHED, sqlite_where=UNPUBLISHED),
    )


def install(sessions: Sessions, service: str) -> None:
    """From now on, what entities record in these sessions reaches the outbox with the flush that saves them."""
    event.listen(sessions.writing, "before_flush", partial(_write_rows, service=service))
    event.listen(sessions.writing, "after_soft_rollback", _forget)


def _write_rows(session: Session, _context: Any, _instances: Any, *, service: str) -> None:
    for entity in _entities(session):
        session.add_all(_rows(entity, service))
        entity.recorded.clear()


def _forget(session: Session, _previous: Any) -> None:
    # A handler rolled back to its savepoint leaves its entities behind; what they recorded never happened.
    for entity in _entities(session):
        entity.recorded.clear()


def _entities(session: Session) -> list[Entity]:
    return [
        thing
        for thing in (*session.new, *session.identity_map.values())
        if isinstance(thing, Entity) and thing.recorded
    ]


def _rows(entity: Entity, service: str) -> Iterator[OutboxRow]:
    first = entity.last_sequence - len(entity.recorded) + 1
    for sequence, happened in enumerate(entity.recorded, first):
        yield _row(entity, happened, sequence, service)


def _row(entity: Entity, happened: Any, sequence: int, service: str) -> OutboxRow:
    envelope = _wrap(entity, happened, sequence, service)
    return OutboxRow(
        id=envelope.id,
        aggregatetype=entity.__tablename__,
        aggregateid=str(entity.id),
        partition_key=envelope.partitionkey,
        sequence=sequence,
        type=envelope.type,
        payload=encode(envelope).decode(),
        occurred_at=envelope.time,
    )


def _wrap(entity: Entity, happened: Any, sequence: int, service: str) -> Envelope:
    correlation = current.get()
    return Envelope(
        id=new_id(),
        type=happened.wire_type,
        source=f"/{service}",
        subject=f"{entity.__tablename__}/{entity.id}",
        time=datetime.now(UTC),
        partitionkey=entity.partition_key,
        sequence=f"{sequence:012d}",
        correlationid=correlation.id or UNSET,
        causationid=correlation.cause or UNSET,
        data=encode_data(happened),
    )
