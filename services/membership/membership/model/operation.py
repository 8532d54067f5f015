"""Operations: what was decided about units and posts for one day, as a whole: planned, in effect, taken back."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle

from .tables import Base


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
    unit or a person can be undone, none before it: the history stays a sequence.
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
