"""The relay: gives each committed event its place in the log, then hands it to the broker, if there is one.

    outbox row ── stamp ──> position (the feed shows it) ── publish ──> confirmed by the broker

Stamping is a transaction of its own and waits for no broker, so the feed goes on while the broker is away.
"""

import logging
from collections import defaultdict
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Sessions

from .leadership import Leadership
from .outbox import OutboxRow

BATCH = 200

log = logging.getLogger(__name__)


class Log(MessagingBase):
    """The one row that counts positions. A new `epoch` means: what I told you before may be told otherwise."""

    __tablename__ = "log"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[UUID]
    last_position: Mapped[int] = mapped_column(BigInteger)


class Publisher(Protocol):
    def publish(self, rows: list[OutboxRow]) -> "Outcome":
        """Send rows of different partition keys; returns once each is confirmed or has failed."""

    def rest(self) -> None:
        """Called while there is nothing to send."""


class Outcome:
    """What became of a wave: ids that the broker has taken, and those among them that no queue wanted."""

    def __init__(self) -> None:
        self.confirmed: set[UUID] = set()
        self.unrouted: set[UUID] = set()


class Relay:
    """One active per service; others stand by. Two at once, briefly, only send duplicates, each in order."""

    def __init__(self, sessions: Sessions, leadership: Leadership, publisher: Publisher | None) -> None:
        self._sessions, self._leadership, self._publisher = sessions, leadership, publisher

    def step(self) -> bool:
        """Do what there is to do; says whether there was anything."""
        if not self._leadership.is_mine():
            return False
        stamped = self.stamp()
        return self.publish() or stamped

    def stamp(self) -> bool:
        with self._sessions.transaction() as session:
            book = _book(session)
            stamped = session.execute(STAMP, {"last": book.last_position, "batch": BATCH}).rowcount
            book.last_position += stamped
        return stamped > 0

    def publish(self) -> bool:
        if self._publisher is None:
            return False
        rows = self._waiting()
        if not rows:
            self._publisher.rest()
        failed: set[str] = set()
        for wave in in_waves(rows):
            failed |= self._publish_wave([row for row in wave if row.partition_key not in failed])
        return bool(rows) and not failed

    def _waiting(self) -> list[OutboxRow]:
        waiting = OutboxRow.published_at.is_(None) & OutboxRow.position.is_not(None)
        with self._sessions.reader() as session:
            rows = session.scalars(select(OutboxRow).where(waiting).order_by(OutboxRow.position).limit(BATCH)).all()
            session.expunge_all()
        return list(rows)

    def _publish_wave(self, wave: list[OutboxRow]) -> set[str]:
        """Returns the partition keys that must wait, since their event was not confirmed."""
        outcome = self._publisher.publish(wave)
        now = datetime.now(UTC)
        with self._sessions.transaction() as session:
            _mark(session, outcome.confirmed, published_at=now)
            _mark(session, outcome.unrouted, unrouted_at=now)
        return {row.partition_key for row in wave if row.id not in outcome.confirmed}


STAMP = text("""
    UPDATE outbox SET position = :last + waiting.place
    FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM
             (SELECT seq FROM outbox WHERE position IS NULL ORDER BY seq LIMIT :batch) AS oldest) AS waiting
    WHERE outbox.seq = waiting.seq
""")


def _book(session: Session) -> Log:
    # Locked, so that even two leaders (one of them about to learn that it is none) count one after the other.
    book = session.get(Log, 1, with_for_update=True)
    if book is None:
        book = Log(id=1, epoch=uuid4(), last_position=0)
        session.add(book)
        session.flush()
    return book


def _mark(session: Session, ids: set[UUID], **values: datetime) -> None:
    if ids:
        session.execute(update(OutboxRow).where(OutboxRow.id.in_(ids)).values(**values))


def in_waves(rows: list[OutboxRow]) -> list[list[OutboxRow]]:
    """Split so that a wave holds at most one event per partition key: a failure then can overtake nothing."""
    waves: list[list[OutboxRow]] = []
    place: dict[str, int] = defaultdict(int)
    for row in rows:
        if place[row.partition_key] == len(waves):
            waves.append([])
        waves[place[row.partition_key]].append(row)
        place[row.partition_key] += 1
    return waves
