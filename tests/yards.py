"""Whoever does long jobs, as one process of several: a job rings the bell that it is named after, once."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from bells import Bell, hang_bell, open_sessions
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain import jobs
from shared.domain.database import Sessions
from shared.domain.jobs import Job
from shared.messaging.leadership import Leadership
from shared.messaging.outbox import OutboxRow
from shared.running.jobs import Jobs, Run, Worker


@dataclass
class Yard:
    """One process; `before` and `within` the last transaction it does what a test asks for."""

    sessions: Sessions
    before: Callable[[Run], None] = lambda _run: None
    within: Callable[[Run], None] = lambda _run: None
    told_of: list[UUID] = field(default_factory=list)
    is_stopping: bool = False

    def __post_init__(self) -> None:
        self.jobs = Jobs()
        self.jobs.of("ring", failed=self.learn)(self.ring)
        self.leadership = Leadership(self.sessions.engine, "jobs")
        self.worker = Worker(self.sessions, self.leadership, self.jobs, lambda: self.is_stopping)
        self.step = self.worker.step

    def ring(self, run: Run) -> None:
        run.tell("climbing", done=1, total=3)
        self.before(run)
        with run.last() as session:
            session.get_one(Bell, run.id).ring()
            session.flush()
            self.within(run)

    def learn(self, _session: Session, bell_id: UUID) -> None:
        self.told_of.append(bell_id)

    def fail_with(self, error: Exception) -> None:
        def fail(_run: Run) -> None:
            raise error

        self.before = fail


def ask(sessions: Sessions, bell_id: UUID | None = None, kind: str = "ring") -> UUID:
    bell_id = bell_id or hang_bell(sessions)
    with sessions.transaction() as session:
        jobs.ask(session, kind, bell_id)
    return bell_id


def job(sessions: Sessions, bell_id: UUID) -> Job | None:
    with sessions.reader() as session:
        found = jobs.of(session, bell_id)
        session.expunge_all()
        return found


def rung(sessions: Sessions, bell_id: UUID) -> tuple[int, int]:
    """How often, and how often that was told."""
    with sessions.reader() as session:
        told = session.scalars(select(OutboxRow.seq).where(OutboxRow.aggregateid == str(bell_id))).all()
        return session.get_one(Bell, bell_id).rung, len(told)


def wait_for_the_end(_run: Run) -> None:
    print("here", flush=True)
    sys.stdin.read()


if __name__ == "__main__":  # a process that stands still in the middle of a job, to be killed there
    url, where = sys.argv[1:]
    still = Yard(open_sessions(url))
    setattr(still, where, wait_for_the_end)
    still.step()
