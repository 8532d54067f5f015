"""Runs the jobs that were asked for, one at a time, in whichever process holds the lock.

    jobs = Jobs()

    @jobs.of("plan")
    def compute_plan(run: Run) -> None:
        with run.sessions.reader() as session: ...      # read
        run.tell("dividing", done=3, total=12)          # as often as you like; raises `Ended` when to stop
        with run.last() as session: ...                 # the one transaction with all that the job changes

What comes before `run.last()` may happen twice, if the process dies; what is in it happens once.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.domain.database import Sessions, is_passing
from shared.domain.jobs import OPEN, Job, JobState
from shared.messaging.leadership import Leadership

TELL_EVERY = 0.25  # seconds between two words of progress
MOST_ATTEMPTS = 5

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


class Run:
    """One attempt at one job."""

    def __init__(self, sessions: Sessions, job: Job, is_stopping: Callable[[], bool]) -> None:
        self.sessions, self.id = sessions, job.id
        self._attempt, self._is_stopping = job.attempts, is_stopping
        self._told_at = 0.0
        self._step = ""

    def tell(self, step: str, done: int = 0, total: int | None = None) -> None:
        """How far it is. Not more often than people can read; a new step always."""
        if self._is_stopping():
            raise Ended
        if step == self._step and time.monotonic() - self._told_at < TELL_EVERY:
            return
        self._step, self._told_at = step, time.monotonic()
        with self.sessions.statement() as session:
            self._demand_mine(session, step=step, done=done, total=total)

    @contextmanager
    def last(self) -> Iterator[Session]:
        """All that the job changes, together with its being done: both or neither, and never by two."""
        with self.sessions.transaction() as session:
            yield session
            session.flush()
            self._demand_mine(session, state=JobState.DONE, step="done", ended_at=datetime.now(UTC))

    def _demand_mine(self, session: Session, **change: object) -> None:
        mine = (Job.id == self.id) & (Job.attempts == self._attempt) & (Job.state == JobState.RUNNING)
        if not session.execute(update(Job).where(mine).values(**change)).rowcount:
            raise Ended


class Worker:
    """Takes the oldest job, again and again."""

    def __init__(
        self, sessions: Sessions, leadership: Leadership, jobs: Jobs, is_stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._sessions, self._leadership, self._jobs, self._is_stopping = sessions, leadership, jobs, is_stopping

    def step(self) -> bool:
        job = self._take() if self._leadership.is_mine() else None
        if job is None:
            return False
        try:
            self._jobs.handlers[job.kind].run(Run(self._sessions, job, self._is_stopping))
        except Ended:
            log.info("job %s: ended before its end, will be begun again", job.kind)
        except Exception as error:  # whatever a job does wrong, the next one is to be done
            self._note(job, error)
        return True

    def _take(self) -> Job | None:
        with self._sessions.transaction() as session:
            oldest = select(Job).where(OPEN).order_by(Job.asked_at).limit(1).with_for_update()
            job = session.scalars(oldest).first()
            if job is not None:
                job.state, job.attempts, job.started_at = JobState.RUNNING, job.attempts + 1, datetime.now(UTC)
                session.flush()
                session.expunge(job)
            return job

    def _note(self, job: Job, error: Exception) -> None:
        """What may pass is tried again; else the job has failed, and what it was done for learns of it."""
        log.warning("job %s failed at attempt %d: %s", job.kind, job.attempts, type(error).__name__, exc_info=error)
        if is_passing(error) and job.attempts < MOST_ATTEMPTS:
            return
        failed = self._jobs.handlers[job.kind].failed
        with self._sessions.transaction() as session:
            ended = {"state": JobState.FAILED, "error": type(error).__name__, "ended_at": datetime.now(UTC)}
            session.execute(update(Job).where(Job.id == job.id, Job.attempts == job.attempts).values(**ended))
            if failed:
                failed(session, job.id)
