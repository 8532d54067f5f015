"""What waits in the database, read when somebody asks: as a collector for `/metrics`, as an age for readiness.

Every question is bounded: it reads the partial index of what waits, and stops counting at `MOST`.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Select, and_, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from shared.domain import jobs
from shared.domain.database import Sessions, connect

from .inbox_row import IS_DEAD, IS_DUE, IS_PARKED, InboxRow, Status
from .log import Log
from .outbox import QUARANTINED, UNPUBLISHED, UNSTAMPED, OutboxRow
from .pull import Checkpoint

MOST = 10_001
CAPPED = f"(counted up to {MOST:,})"

log = logging.getLogger(__name__)


class Backlog(Collector):
    """Reads on a connection of its own each time: neither a pool in use nor a dead connection in it holds it up.

    `publishes`: does a broker take the events? Else they have left once the feed shows them.
    """

    def __init__(self, database_url: str, subscription: str, *, publishes: bool) -> None:
        self._url = database_url
        self._subscription, self._publishes = subscription, publishes

    def collect(self) -> Iterator[Metric]:
        """Answers without a database too, and says so."""
        try:
            with self._reader() as session:
                found = [*self._outbox(session), *self._inbox(session), *_jobs(session), *_places(session)]
        except SQLAlchemyError as error:
            log.warning("the backlog cannot be read: %s", type(error).__name__)
            found = []
        yield _gauge("halqa_database_up", "Does the database answer (0 or 1)", bool(found))
        yield from found

    def oldest_waiting_seconds(self) -> float:
        """How long the oldest event that could leave has waited to; 0 if none waits. Raises `SQLAlchemyError`."""
        with self._reader() as session:
            return self._oldest_waiting(session)

    @contextmanager
    def _reader(self) -> Iterator[Session]:
        sessions = Sessions(connect(self._url))
        try:
            with sessions.reader() as session:
                yield session
        finally:
            sessions.engine.dispose()

    def _outbox(self, session: Session) -> Iterator[Metric]:
        unstamped = _counted(session, select(OutboxRow.seq).where(UNSTAMPED))
        yield _gauge("halqa_outbox_unstamped", f"Events without a place in the log yet {CAPPED}", unstamped)
        if self._publishes:
            unpublished = _counted(session, select(OutboxRow.seq).where(UNPUBLISHED))
            yield _gauge("halqa_outbox_unpublished", f"Events that no broker has confirmed yet {CAPPED}", unpublished)
        quarantined = _counted(session, select(OutboxRow.seq).where(QUARANTINED))
        yield _gauge("halqa_outbox_quarantined", f"Events that wait for an operator {CAPPED}", quarantined)
        about = "Age of the oldest event that could leave and has not; 0 if none waits"
        yield _gauge("halqa_outbox_oldest_seconds", about, self._oldest_waiting(session))

    def _oldest_waiting(self, session: Session) -> float:
        unstamped = select(OutboxRow.occurred_at).where(UNSTAMPED).order_by(OutboxRow.seq).limit(1)
        first = [session.scalar(unstamped)]
        if self._publishes:
            first.append(session.scalar(OLDEST_UNPUBLISHED))
        return max(map(_age, first))

    def _inbox(self, session: Session) -> Iterator[Metric]:
        labels = ["subscription", "status"]
        parked = GaugeMetricFamily("halqa_inbox_parked", f"Events not applied yet {CAPPED}", labels=labels)
        oldest = GaugeMetricFamily("halqa_inbox_oldest_seconds", "How long ago the oldest of them came", labels=labels)
        for status, where in WAITING.items():
            found = {self._subscription: (0, None)} | _parked(session, where)
            for subscription, (count, came_at) in found.items():
                parked.add_metric([subscription, status], count)
                oldest.add_metric([subscription, status], _age(came_at))
        yield from (parked, oldest)


# Each said as its partial index says it, and without the subscription: SQLite would take the index of all rows else.
WAITING = {
    Status.RETRY: IS_DUE,
    Status.BLOCKED: and_(IS_PARKED, InboxRow.status == Status.BLOCKED),
    Status.DEAD: IS_DEAD,
}

_stuck = aliased(OutboxRow)
_waiting = select(OutboxRow.occurred_at, OutboxRow.partition_key).where(UNPUBLISHED).order_by(OutboxRow.position)
_first = _waiting.limit(MOST).subquery()

# What waits behind an event in quarantine is not late: it waits for an operator, too.
OLDEST_UNPUBLISHED = select(func.min(_first.c.occurred_at)).where(
    _first.c.partition_key.not_in(select(_stuck.partition_key).where(_stuck.quarantined_at.is_not(None)))
)


def _jobs(session: Session) -> Iterator[Metric]:
    waiting = _counted(session, select(jobs.Job.id).where(jobs.OPEN))
    yield _gauge("halqa_jobs_open", f"Long jobs that were asked for and have not ended {CAPPED}", waiting)
    asked_at = session.scalar(select(jobs.Job.asked_at).where(jobs.OPEN).order_by(jobs.Job.asked_at).limit(1))
    yield _gauge("halqa_jobs_oldest_seconds", "How long ago the oldest of them was asked for", _age(asked_at))


def _places(session: Session) -> Iterator[Metric]:
    last = session.scalar(select(Log.last_position)) or 0
    yield _gauge("halqa_log_last_position", "The last place in this service's log", last)
    read = GaugeMetricFamily(
        "halqa_checkpoint_position",
        "How far the feed of a publisher was read; see its halqa_log_last_position",
        labels=["subscription", "publisher"],
    )
    for checkpoint in session.scalars(select(Checkpoint)):
        read.add_metric([checkpoint.subscription, checkpoint.publisher], checkpoint.position)
    yield read


def _counted(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.limit(MOST).subquery())) or 0


def _parked(session: Session, where: Any) -> dict[str, tuple[int, datetime]]:
    """How many of each subscription, and when the oldest of them came."""
    some = select(InboxRow.subscription, InboxRow.received_at).where(where).limit(MOST).subquery()
    counted = select(some.c.subscription, func.count(), func.min(some.c.received_at)).group_by(some.c.subscription)
    return {subscription: (count, came_at) for subscription, count, came_at in session.execute(counted)}


def _age(moment: datetime | None) -> float:
    return max(0.0, (datetime.now(UTC) - moment).total_seconds()) if moment else 0.0


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)
