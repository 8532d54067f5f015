"""Work that takes longer than a request may: asked for in one transaction, done by `work`, its progress seen by all.

    waiting --> running --> done
                   |-----> failed      (what it was done for says what that means)

A job is named by the id of the thing that it is done for. Whoever runs jobs holds a lock that dies with them, so a job
found running belongs to a process that is no more, and is begun again.
"""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from .database import MessagingBase, Moment, word_of

OPEN = text("state IN ('waiting', 'running')")


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(MessagingBase):
    """`done` of `total` in the current `step`; `total` is None while nobody knows. Each attempt has its number."""

    __tablename__ = "job"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[JobState] = mapped_column(word_of(JobState))
    step: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None]  # the name of its kind alone: what was wrong may tell of persons

    __table_args__ = (Index("ix_job_open", "asked_at", postgresql_where=OPEN, sqlite_where=OPEN),)


def ask(session: Session, kind: str, thing_id: UUID) -> Job:
    """The job begins once this transaction is committed. Asked again for the same thing, it is done again."""
    job = Job(id=thing_id, kind=kind, state=JobState.WAITING, step="waiting", asked_at=datetime.now(UTC), done=0)
    return session.merge(job)


def of(session: Session, thing_id: UUID) -> Job | None:
    return session.get(Job, thing_id)
