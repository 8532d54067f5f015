"""The count: what was committed against what took effect."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bells import Bell, Heard
from sqlalchemy import TextClause, func, select
from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.messaging.inbox_row import IS_PARKED, InboxRow
from shared.messaging.outbox import UNPUBLISHED, UNSTAMPED, OutboxRow

from .stage import Notes

Effect = tuple[UUID, int]  # a bell, and which of its rings


@dataclass(frozen=True)
class Verdict:
    """Of a run without fault, all but the first two are 0."""

    committed: int
    effects: int
    lost: int  # committed, without effect
    duplicates: int  # effects of what had taken effect before
    disorder: int  # first effects after that of a later change of the same aggregate
    unfounded: int  # effects of what was never committed
    withdrawn: int  # changes that the database said it had committed, and has not

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicates or self.disorder or self.unfounded or self.withdrawn)


def judge(committed: Mapping[UUID, int], effects: Sequence[Effect], promised: Iterable[Effect] = ()) -> Verdict:
    """`committed` is how often each bell was rung: its effects must be 1, 2, 3 … up to there, each once."""
    expected = {(bell_id, number) for bell_id, rung in committed.items() for number in range(1, rung + 1)}
    times = Counter(effects)
    return Verdict(
        committed=len(expected),
        effects=len(effects),
        lost=len(expected - times.keys()),
        duplicates=times.total() - len(times),
        disorder=_disorder(times),
        unfounded=len(times.keys() - expected),
        withdrawn=len(set(promised) - expected),
    )


def _disorder(first_effects: Iterable[Effect]) -> int:
    """Takes them in the order in which they happened, each once."""
    latest: dict[UUID, int] = defaultdict(int)
    found = 0
    for bell_id, number in first_effects:
        found += number < latest[bell_id]
        latest[bell_id] = max(latest[bell_id], number)
    return found


class Books:
    """Both databases and the writers' notes, read from outside."""

    def __init__(self, publisher: Sessions, subscriber: Sessions, promises: Notes) -> None:
        self._publisher, self._subscriber, self._promises = publisher, subscriber, promises

    def verdict(self) -> Verdict:
        with self._publisher.reader() as session:
            committed = dict(session.execute(select(Bell.id, Bell.rung)).all())
        with self._subscriber.reader() as session:
            effects = session.execute(select(Heard.bell_id, Heard.number).order_by(Heard.seq)).all()
        promised = {(UUID(bell_id), int(rung)) for bell_id, rung in self._promises.read()}
        return judge(committed, [(row.bell_id, row.number) for row in effects], promised)

    def waiting(self, *, publishes: bool) -> dict[str, int]:
        """Events on their way, by where they wait; only what is somewhere."""
        with self._publisher.reader() as session:
            found = {"without a position": _number(session, OutboxRow, UNSTAMPED)}
            found["not published"] = _number(session, OutboxRow, UNPUBLISHED) if publishes else 0
        with self._subscriber.reader() as session:
            found["parked in the inbox"] = _number(session, InboxRow, IS_PARKED)
        return {where: number for where, number in found.items() if number}

    def missing(self) -> int:
        with self._publisher.reader() as session:
            committed = session.scalar(select(func.sum(Bell.rung)))
        with self._subscriber.reader() as session:
            return committed - session.scalar(select(func.count()).select_from(Heard))


def _number(session: Session, table: type, where: TextClause) -> int:
    return session.scalar(select(func.count()).select_from(table).where(where))
