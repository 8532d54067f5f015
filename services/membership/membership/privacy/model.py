"""Archives: a copy of all that is held about one person, put together from what each service tells."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.people import Principal
from shared.domain.actor import Actor
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Invalid, Refused
from shared.events import ArchiveAsked, ArchiveCompleted, ArchiveDeleted

KEPT_FOR = timedelta(days=7)
SERVICES = frozenset({"membership", "meetings", "practices", "notifications"})
UNDER_WAY = text("state = 'gathering'")


class ArchiveState(StrEnum):
    GATHERING = "gathering"
    COMPLETE = "complete"
    DELETED = "deleted"


A = ArchiveState


class Archive(HasLifecycle, Entity, Base):
    """One copy that somebody asked for. It is read only once every service has answered, and not for long.

    `reason` says why somebody else asked on the person's behalf.
    """

    __tablename__ = "archive"
    thing = "archive"
    lifecycle: ClassVar[Lifecycle] = {
        A.GATHERING: frozenset({A.COMPLETE, A.DELETED}),
        A.COMPLETE: frozenset({A.DELETED}),
        A.DELETED: frozenset(),
    }

    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    state: Mapped[ArchiveState] = mapped_column(word_of(ArchiveState))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    kept_until: Mapped[datetime | None] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("uq_archive_under_way", "principal_id", unique=True, postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY),
        Index(
            "ix_archive_kept_until",
            "kept_until",
            postgresql_where=text("state = 'complete'"),
            sqlite_where=text("state = 'complete'"),
        ),
    )

    @property
    def person_id(self) -> UUID:
        """Whom it is about."""
        return self.principal_id

    @classmethod
    def ask(cls, principal_id: UUID, by: Actor, *, reason: str | None, now: datetime) -> Self:
        """Whoever asks for somebody else says why."""
        if not by.is_(principal_id) and not reason:
            raise Invalid("archive.reason_missing")
        asked_by = f"{by.role}:{by.id}"
        archive = cls(principal_id=principal_id, state=A.GATHERING, asked_at=now, asked_by=asked_by, reason=reason)
        archive.record(ArchiveAsked(archive_id=archive.id, principal_id=principal_id))
        return archive

    def complete_if(self, answered: set[str], *, now: datetime) -> None:
        """Once all have answered it can be read, for a while."""
        if not answered >= SERVICES:
            return
        self._become(A.COMPLETE)
        self.completed_at, self.kept_until = now, now + KEPT_FOR
        self.record(ArchiveCompleted(archive_id=self.id, principal_id=self.principal_id, kept_until=self.kept_until))

    def delete(self, *, now: datetime) -> None:
        """Its time is over, or its person is gone; the parts go with it."""
        self._become(A.DELETED)
        self.deleted_at, self.reason = now, None
        self.record(ArchiveDeleted(archive_id=self.id, principal_id=self.principal_id))

    def demand_complete(self) -> None:
        if self.state is not A.COMPLETE:
            raise Refused("archive.not_complete", state=self.state)


class ArchivePart(Base):
    """What one service told, part `number` of `parts`. Told twice, it is here once."""

    __tablename__ = "archive_part"

    archive_id: Mapped[UUID] = mapped_column(ForeignKey(Archive.id), primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[int]
    content: Mapped[str] = mapped_column(Text)

    def leave_out(self, traces: Traces) -> None:
        """Somebody else is erased, whom it may speak of."""
        self.content = traces.gone_from(self.content)
