"""Work that takes longer than a request may: asked for in one transaction, done by `work`, its progress seen by all.

    waiting --> running --> done
       ^-----------|-----> failed      (what it was done for says what that means)

A job is named by the id of the thing that it is done for. Whoever runs jobs holds a lock that dies with them, so a job
found running belongs to a process that is no more, and is begun again; one that was told to stop puts it back.
"""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import correlation
from .database import MessagingBase, Moment, insert_into, rows_changed, word_of

OPEN = text("state IN ('waiting', 'running')")


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(MessagingBase):
    """`done` of `total` in the current `step`; `total` is None while nobody knows. Holds ids alone, of no person.

    Each attempt has its number, which never comes again: by it an attempt learns that it is no longer the last one.
    """

    __tablename__ = "job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[JobState] = mapped_column(word_of(JobState))
    step: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)  # attempts that died, or met what may pass
    asked_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None]  # the name of its kind alone: what was wrong may tell of persons
    correlation_id: Mapped[str | None]  # of the request that asked for it
    traceparent: Mapped[str | None]

    __table_args__ = (Index("ix_job_open", "asked_at", postgresql_where=OPEN, sqlite_where=OPEN),)


def ask(session: Session, kind: str, thing_id: UUID) -> Job:
    """The job begins once this transaction is committed. Asked again for the same thing, it is done again.

    An attempt that runs meanwhile has perhaps read what is no longer so: it ends without effect.
    """
    asked = {"kind": kind, "state": JobState.WAITING, "step": JobState.WAITING, "asked_at": datetime.now(UTC)}
    begun = {"done": 0, "total": None, "failures": 0, "started_at": None, "ended_at": None, "error": None}
    row = asked | begun | _asked_under()
    # Written whatever was read: whoever runs jobs may begin with it between our question and our answer.
    upsert = insert_into(session, Job).values(id=thing_id, attempts=0, **row)
    with session.no_autoflush:
        session.execute(upsert.on_conflict_do_update(index_elements=[Job.id], set_=row))
        return session.get_one(Job, thing_id, populate_existing=True)


def _asked_under() -> dict[str, str | None]:
    now = correlation.current.get()
    return {"correlation_id": now.id, "traceparent": now.traceparent}


def of(session: Session, thing_id: UUID) -> Job | None:
    """None also for a job that ended long ago: its row is kept for some days."""
    return session.get(Job, thing_id)


def forget_old(session: Session, before: datetime, most: int) -> int:
    """Delete the oldest of those that ended before; returns how many."""
    oldest = select(Job.id).where(Job.ended_at < before).order_by(Job.ended_at).limit(most)
    return rows_changed(session, delete(Job).where(Job.id.in_(oldest)))
