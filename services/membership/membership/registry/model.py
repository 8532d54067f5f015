"""Imports: a file of the Ministry's on its way in, what was wrong in it, and which of its columns means what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from membership.ground import Base
from membership.organisation import Delegation
from shared.domain.actor import Actor, Role
from shared.domain.database import Moment, new_id, word_of
from shared.domain.entity import Entity
from shared.domain.jobs import Job
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Fault, Refusal, Refused

HELD = text("file_gone_at IS NULL")
EVERYONES = text("delegation_id IS NULL")


class ImportKind(StrEnum):
    UNITS = "units"
    SCHOOLS = "schools"
    PRINCIPALS = "principals"
    DISTANCES = "distances"


class ImportState(StrEnum):
    RECEIVED = "received"
    CHECKED = "checked"
    REFUSED = "refused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = ImportState


class Import(HasLifecycle, Entity, Base):
    """One file: all of it comes in, or nothing. Once it has ended, only its file goes.

    Without a Delegation it is the whole country's, and each row names its own. `columns`: our name of each column ->
    the file's; `reading`: how it was asked to be read; `found`: how it was read; `refusal`: why not, as a whole;
    `first_faults`: what is shown at once of what is wrong with its rows, without what stands in their cells.
    """

    __tablename__ = "import"
    thing = "import"
    lifecycle: ClassVar[Lifecycle] = {
        S.RECEIVED: frozenset({S.CHECKED, S.REFUSED, S.DONE, S.FAILED, S.CANCELLED}),
        S.CHECKED: frozenset(),
        S.REFUSED: frozenset(),
        S.DONE: frozenset(),
        S.FAILED: frozenset(),
        S.CANCELLED: frozenset(),
    }

    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Delegation.id), index=True)
    kind: Mapped[ImportKind] = mapped_column(word_of(ImportKind))
    state: Mapped[ImportState] = mapped_column(word_of(ImportState))
    is_dry_run: Mapped[bool]
    file_name: Mapped[str]
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    asked_by: Mapped[str]  # with the role and the unit, as the token said
    asked_as: Mapped[Role] = mapped_column(word_of(Role))
    asked_for: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    file_gone_at: Mapped[datetime | None] = mapped_column(Moment)
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    first_faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    size_bytes: Mapped[int]
    rows: Mapped[int]
    created: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    faults: Mapped[int]

    progress: Mapped[Job | None] = relationship(
        Job, primaryjoin=lambda: foreign(Import.id) == Job.id, viewonly=True, lazy="joined"
    )

    __table_args__ = (Index("ix_import_held", "ended_at", postgresql_where=HELD, sqlite_where=HELD),)

    @classmethod
    def receive(cls, by: Actor, *, now: datetime, **wish: Any) -> Self:
        counts = dict.fromkeys(("rows", "created", "changed", "unchanged", "refused", "faults"), 0)
        asked = {"asked_by": by.id, "asked_as": by.role, "asked_for": by.unit_id, "asked_at": now}
        return cls(state=S.RECEIVED, columns={}, reading={}, found={}, first_faults=[], **counts, **asked, **wish)

    def map(self, columns: Mapping[str, str], reading: Mapping[str, Any]) -> None:
        self.columns, self.reading = dict(columns), dict(reading)

    @property
    def actor(self) -> Actor:
        return Actor(self.asked_by, self.asked_as, self.asked_for)

    @property
    def edition(self) -> str:
        """How far its job is can be seen, too."""
        job = self.progress
        return f"{self.version}.{job.attempts}.{job.step}.{job.done}" if job else str(self.version)

    def complete(
        self, found: Mapping[str, Any], counts: Mapping[str, int], first: Iterable[Fault], *, now: datetime
    ) -> None:
        """Nothing was wrong with it, though some of it was understood otherwise: it is in, or would be."""
        self._become(S.CHECKED if self.is_dry_run else S.DONE)
        self._end(now, found, counts, first)

    def refuse(
        self, found: Mapping[str, Any], counts: Mapping[str, int], first: Iterable[Fault], *, now: datetime
    ) -> None:
        """Rows are wrong, so nothing was changed."""
        self._become(S.REFUSED)
        self._end(now, found, counts, first)

    def refuse_whole(self, why: Refusal, *, now: datetime) -> None:
        """It is no file of rows that can be read, so nothing was changed."""
        self._become(S.REFUSED)
        self.refusal = {"code": why.code, "facts": dict(why.facts)}
        self._end(now, {}, {})

    def fail(self, *, now: datetime) -> None:
        self._become(S.FAILED)
        self._end(now, {}, {})

    def cancel(self, *, now: datetime) -> None:
        self._become(S.CANCELLED)
        self._end(now, {}, {})

    def lose_file(self, *, now: datetime) -> None:
        """The file holds people's data: it stays no longer than somebody needs it."""
        self.file_gone_at = now

    @property
    def has_file(self) -> bool:
        return self.file_gone_at is None

    def demand_reportable(self) -> None:
        """Its rows were judged, and its file is still here."""
        if self.state is S.RECEIVED:
            raise Refused("import.wrong_state", state=self.state)
        if self.refusal or not self.has_file:
            raise Refused("import.no_report")

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    def _end(
        self, now: datetime, found: Mapping[str, Any], counts: Mapping[str, int], first: Iterable[Fault] = ()
    ) -> None:
        self.ended_at, self.found = now, dict(found)
        told = ("line", "field", "code")
        self.first_faults = [
            {name: getattr(fault, name) for name in told} | {"facts": dict(fault.facts)} for fault in first
        ]
        for name, count in counts.items():
            setattr(self, name, count)


class ImportPart(Base):
    """A piece of a file, between receiving it in one process and reading it in another."""

    __tablename__ = "import_part"

    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportFault(Base):
    """What is wrong with one cell, in the words of the file; a remark says what was understood otherwise."""

    __tablename__ = "import_fault"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id), index=True)
    line: Mapped[int]
    field: Mapped[str]
    value: Mapped[str]
    code: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_remark: Mapped[bool]


class ColumnMapping(Entity, Base):
    """Which column of a file means what, under a name: a Delegation's own, or everybody's. The last word counts."""

    __tablename__ = "column_mapping"

    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Delegation.id))
    name: Mapped[str]
    kind: Mapped[ImportKind] = mapped_column(word_of(ImportKind))
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("delegation_id", "name"),
        Index("uq_column_mapping_everyones", "name", unique=True, postgresql_where=EVERYONES, sqlite_where=EVERYONES),
    )

    @classmethod
    def save(cls, delegation_id: UUID | None, name: str, *, now: datetime, **wish: Any) -> Self:
        return cls(delegation_id=delegation_id, name=name, saved_at=now, **wish)

    def replace(self, *, now: datetime, **wish: Any) -> None:
        """Taken over only where it differs, so that who has read it need not read it again."""
        changes = {name: value for name, value in wish.items() if getattr(self, name) != value}
        for name, value in changes.items():
            setattr(self, name, value)
        if changes:
            self.saved_at = now
