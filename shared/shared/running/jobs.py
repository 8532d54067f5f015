"""Runs the jobs that were asked for, one at a time, in whichever process holds the lock.

    jobs = Jobs()

    @jobs.of("plan")
    def compute_plan(run: Run) -> None:
        with run.sessions.reader() as session: ...      # read
        run.tell("dividing", done=3, total=12)          # as often as you like; raises `Ended` when to stop
        with run.last() as session: ...                 # the one transaction with all that the job changes

What comes before `run.last()` may happen twice, if the process dies; what is in it happens once. Meanwhile SQLite lets
nobody else write, so a long `run.last()` belongs on PostgreSQL.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.domain import trace
from shared.domain.correlation import Correlation, under
from shared.domain.database import Sessions, is_passing, is_postgresql, rows_changed
from shared.domain.jobs import OPEN, Job, JobState
from shared.messaging.leadership import Leadership

TELL_EVERY = 1  # seconds between two words of progress: each is a transaction of its own, which waits for the disk
MOST_FAILURES = 5

Failed = Callable[[Session, UUID], None]

log = logging.getLogger(__name__)


class Ended(Exception):
    """The process is to stop, or somebody else does the job now."""


@dataclass(frozen=True)
class Handler:
    run: Callable[["Run"], None]
    failed: Failed | None


@dataclass
class Jobs:
    """A readable list: what is done for which kind of thing, and what becomes of the thing if that fails."""

    handlers: dict[str, Handler] = field(default_factory=dict)

    def of(self, kind: str, *, failed: Failed | None = None) -> Callable[[Callable[["Run"], None]], Callable]:
        def remember(function: Callable[["Run"], None]) -> Callable[["Run"], None]:
            self.handlers[kind] = Handler(function, failed)
            return function

        return remember

    @classmethod
    def joined(cls, parts: Iterable["Jobs"]) -> "Jobs":
        return cls({kind: handler for part in parts for kind, handler in part.handlers.items()})


class Run:
    """One attempt at one job. Whatever it writes is refused once another attempt has begun."""

    def __init__(self, sessions: Sessions, job: Job, is_stopping: Callable[[], bool]) -> None:
        self.sessions, self.id = sessions, job.id
        self._attempt, self._is_stopping = job.attempts, is_stopping
        self._told_at = 0.0
        self._step = ""
        self._may_write_beside = True
        self.is_done = False

    def tell(self, step: str, done: int = 0, total: int | None = None) -> None:
        """How far it is. Not more often than people can read; a new step always.

        In `last` only PostgreSQL shows it: SQLite has one writer, so that this would wait for itself.
        """
        if self._is_stopping():
            raise Ended
        is_too_soon = step == self._step and time.monotonic() - self._told_at < TELL_EVERY
        if is_too_soon or not self._may_write_beside:
            return
        self._step, self._told_at = step, time.monotonic()
        with self.sessions.statement() as session:
            self.mark(session, step=step, done=done, total=total)

    @contextmanager
    def last(self) -> Iterator[Session]:
        """All that the job changes, together with its being done: both or neither, and never by two."""
        if self.is_done:
            raise RuntimeError("a job has one last transaction: what comes after it would be lost")
        with self.sessions.transaction() as session:
            self._may_write_beside = is_postgresql(session)
            try:
                yield session
                session.flush()
                self.mark(session, state=JobState.DONE, step=JobState.DONE, ended_at=datetime.now(UTC))
            finally:
                self._may_write_beside = True
        self.is_done = True

    def mark(self, session: Session, **change: object) -> None:
        """Write into the job's row, as long as this is its latest attempt."""
        mine = (Job.id == self.id) & (Job.attempts == self._attempt) & (Job.state == JobState.RUNNING)
        if not rows_changed(session, update(Job).where(mine).values(**change)):
            raise Ended


class Worker:
    """Takes the oldest job, again and again."""

    def __init__(
        self, sessions: Sessions, leadership: Leadership, jobs: Jobs, is_stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._sessions, self._leadership, self._jobs, self._is_stopping = sessions, leadership, jobs, is_stopping
        # Of a kind that only the next release knows, its workers do the jobs.
        oldest = select(Job).where(OPEN, Job.kind.in_(sorted(jobs.handlers)))
        self._oldest = oldest.order_by(Job.asked_at, Job.id).limit(1)

    def step(self) -> bool:
        """Raises what may pass, so that the loop rests before the same job is tried again."""
        job = self._take() if self._leadership.is_mine() and self._is_any() else None
        if job is None:
            return False
        with under(Correlation(id=job.correlation_id, traceparent=trace.next_hop(job.traceparent))):
            self._attempt(job, Run(self._sessions, job, self._is_stopping))
        return True

    def _is_any(self) -> bool:
        """Asked first, since to take one is to write: on SQLite, idle workers would hold up everybody."""
        with self._sessions.reader() as session:
            return session.scalar(self._oldest.with_only_columns(Job.id)) is not None

    def _take(self) -> Job | None:
        with self._sessions.transaction() as session:
            job = session.scalars(self._oldest.with_for_update()).first()
            if job is not None:
                job.failures += job.state is JobState.RUNNING  # whoever ran it is no more
                job.state, job.attempts, job.started_at = JobState.RUNNING, job.attempts + 1, datetime.now(UTC)
                session.flush()
                session.expunge(job)
            return job

    def _attempt(self, job: Job, run: Run) -> None:
        if job.failures >= MOST_FAILURES:  # it would kill us too
            return self._give_up(job, run, job.error or "Died")
        try:
            self._jobs.handlers[job.kind].run(run)
            if not run.is_done:
                with run.last():
                    pass
        except Ended:
            self._put_back(job, run)
        except Exception as error:  # whatever a job does wrong, the next one is to be done
            self._note(job, run, error)

    def _put_back(self, job: Job, run: Run) -> None:
        """It was told to stop, which is no failure of its own; if somebody else has begun it, it stays with them."""
        log.info("job %s ended before its end, will be begun again", job.kind)
        self._mark(run, state=JobState.WAITING)

    def _note(self, job: Job, run: Run, error: Exception) -> None:
        """What may pass is tried again; else the job has failed."""
        name = type(error).__name__
        log.warning("job %s failed at attempt %d: %s", job.kind, job.attempts, name, exc_info=error)
        if is_passing(error):
            self._mark(run, error=name)
            raise error
        self._give_up(job, run, name)

    def _give_up(self, job: Job, run: Run, error: str) -> None:
        """What it was done for learns of it, in the same transaction."""
        ended: dict[str, Any] = {"state": JobState.FAILED, "error": error, "ended_at": datetime.now(UTC)}
        try:
            self._mark(run, self._jobs.handlers[job.kind].failed, **ended)
        except Exception as fault:
            if is_passing(fault):
                raise
            log.error("job %s: nobody could be told that it failed", job.kind, exc_info=fault)
            self._mark(run, **ended)  # or it would hold up all others for ever

    def _mark(self, run: Run, then: Failed | None = None, **change: object) -> None:
        """Of a job that somebody else does now, or that is done, nothing is changed."""
        try:
            with self._sessions.transaction() as session:
                run.mark(session, **change)
                if then:
                    then(session, run.id)
        except Ended:
            log.info("a job was done or begun by somebody else meanwhile")
