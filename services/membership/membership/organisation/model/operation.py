"""Operations: what was decided about units and posts for one day, as a whole: planned, in effect, taken back."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Refusal


class OperationKind(StrEnum):
    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    RENAME = "rename"
    OPEN = "open"
    CLOSE = "close"
    MOUVEMENT = "mouvement"


class OperationState(StrEnum):
    SCHEDULED = "scheduled"
    EFFECTIVE = "effective"
    UNDONE = "undone"


S = OperationState


class Operation(HasLifecycle, Entity, Base):
    """One decision with one date. Its spans are in the history from the moment of deciding; `changes` says which.

    What only knows the present (where a school lies now, who heads it) follows on the day. The last operation on a
    unit or a person can be undone, none before it: the history stays a sequence. `hindrance` is why it could not take
    effect on its day, as long as that is so.
    """

    __tablename__ = "operation"
    thing = "operation"
    lifecycle: ClassVar[Lifecycle] = {
        S.SCHEDULED: frozenset({S.EFFECTIVE, S.UNDONE}),
        S.EFFECTIVE: frozenset({S.UNDONE}),
        S.UNDONE: frozenset(),
    }

    kind: Mapped[OperationKind] = mapped_column(word_of(OperationKind))
    state: Mapped[OperationState] = mapped_column(word_of(OperationState))
    scope_id: Mapped[UUID] = mapped_column(index=True)  # the unit in whose reach all of it lies
    effective_on: Mapped[date]
    decided_by: Mapped[str]  # the id of whoever decided; no name
    decided_at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    hindrance: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    hindered_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def decide(
        cls,
        kind: OperationKind,
        *,
        scope_id: UUID,
        effective_on: date,
        changes: list[dict[str, Any]],
        by: str,
        now: datetime,
        note: str | None = None,
    ) -> Self:
        """Written into the history at once by whoever decides; the present follows on the day."""
        return cls(
            kind=kind,
            state=S.SCHEDULED,
            scope_id=scope_id,
            effective_on=effective_on,
            decided_by=by,
            decided_at=now,
            note=note,
            changes=changes,
        )

    def is_due(self, today: date) -> bool:
        return self.state is S.SCHEDULED and self.effective_on <= today

    def take_effect(self) -> None:
        self._become(S.EFFECTIVE)
        self.hindrance = self.hindered_at = None

    def is_hindered(self, why: Refusal, *, now: datetime) -> bool:
        """Its day has come, and something is in the way: it is tried again until that is gone, or it is undone.

        Tells whether that is new.
        """
        told = {"code": why.code, "facts": {name: str(fact) for name, fact in why.facts.items()}}
        is_new = self.hindrance != told
        if is_new:
            self.hindrance, self.hindered_at = told, self.hindered_at or now
        return is_new

    def note_changes(self, changes: list[dict[str, Any]]) -> None:
        """What followed from it on the day is kept beside what was decided, so that it can be taken back."""
        self.changes = [*self.changes, *changes]

    @property
    def unit_ids(self) -> set[UUID]:
        """What it changes, and above what that lay and will lie."""
        named = [(each["unit_id"], each["before"], each["after"]) for each in self.changes if "unit_id" in each]
        above = {span["parent_id"] for _, *spans in named for span in spans if span}
        return {UUID(id) for id in {id for id, *_ in named} | above if id}

    @property
    def concerned_ids(self) -> set[UUID]:
        """Whom its effect, or its undoing, has just moved: for whoever writes that down beside it. Kept nowhere."""
        return self.__dict__.setdefault("_concerned_ids", set())

    def concerns(self, principal_ids: Iterable[UUID]) -> None:
        self.concerned_ids.update(principal_ids)

    def undo(self, *, by: str, now: datetime) -> None:
        self._become(S.UNDONE)
        self.undone_by, self.undone_at = by, now
        self.hindrance = self.hindered_at = None
