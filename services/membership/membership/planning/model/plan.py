"""Plans: proposals how to divide the principals of a Delegation into communities, until one of them is adopted."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.organisation import Delegation
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle


class PlanningRound(Entity, Base):
    """Plans that were asked for together, one for each Delegation below `scope_id`; None is the whole country."""

    __tablename__ = "planning_round"

    scope_id: Mapped[UUID | None] = mapped_column(index=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment)

    @classmethod
    def ask(cls, scope_id: UUID | None, by: str, *, now: datetime) -> Self:
        return cls(scope_id=scope_id, asked_by=by, asked_at=now)


class PlanState(StrEnum):
    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"
    ADOPTED = "adopted"
    DISCARDED = "discarded"
    LAPSED = "lapsed"


P = PlanState
PENDING = (P.ASKED, P.READY, P.FAILED)


class Plan(HasLifecycle, Entity, Base):
    """One proposal for one Delegation. While it is computed nobody moves anyone; once adopted it never changes again.

    `parameters` and `figures` name no person: whoever is fixed, apart or left out stands in `plan_wish`.
    """

    __tablename__ = "plan"
    thing = "plan"
    lifecycle: ClassVar[Lifecycle] = {
        P.ASKED: frozenset({P.READY, P.FAILED, P.LAPSED}),
        P.READY: frozenset({P.ASKED, P.ADOPTED, P.DISCARDED, P.LAPSED}),
        P.FAILED: frozenset({P.ASKED, P.DISCARDED, P.LAPSED}),
        P.ADOPTED: frozenset(),
        P.DISCARDED: frozenset(),
        P.LAPSED: frozenset(PENDING),
    }

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey(PlanningRound.id), index=True)
    state: Mapped[PlanState] = mapped_column(word_of(PlanState))
    asked_by: Mapped[str]  # the id of whoever asked; no name
    asked_at: Mapped[datetime] = mapped_column(Moment)
    computed_at: Mapped[datetime | None] = mapped_column(Moment)
    adopted_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    shortfalls: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @classmethod
    def ask(
        cls,
        delegation_id: UUID,
        by: str,
        parameters: dict[str, Any],
        *,
        round_id: UUID | None = None,
        now: datetime,
    ) -> Self:
        return cls(
            delegation_id=delegation_id,
            round_id=round_id,
            state=P.ASKED,
            asked_by=by,
            asked_at=now,
            changed_at=now,
            parameters=parameters,
            figures={},
            shortfalls=[],
        )

    def ask_again(self, changes: dict[str, Any], *, now: datetime) -> None:
        """What is fixed stays, the others may move; `changes` are the parameters that are other than before."""
        self._become(P.ASKED)
        self.parameters, self.changed_at = self.parameters | changes, now

    def settle(self, figures: dict[str, Any], shortfalls: list[dict[str, Any]], *, now: datetime) -> None:
        """It was computed."""
        self._become(P.READY)
        self.figures, self.shortfalls, self.computed_at, self.changed_at = figures, shortfalls, now, now

    def fail(self, *, now: datetime) -> None:
        self._become(P.FAILED)
        self.changed_at = now

    def demand_ready(self) -> None:
        """Only what is ready can be adjusted, and only that can be adopted."""
        self._must_be_able_to_become(P.ADOPTED)

    def adjust(self, figures: dict[str, Any], shortfalls: list[dict[str, Any]], *, now: datetime) -> None:
        """Somebody was moved by hand. That counts as a change also where all figures stay the same."""
        self.demand_ready()
        self.figures, self.shortfalls, self.changed_at = figures, shortfalls, now

    def adopt(self, *, now: datetime) -> None:
        self._become(P.ADOPTED)
        self.adopted_at = self.changed_at = now

    def discard(self, *, now: datetime) -> None:
        self._become(P.DISCARDED)
        self.changed_at = now

    @property
    def is_pending(self) -> bool:
        """Neither adopted nor given up."""
        return self.state in PENDING

    def lapse(self, *, now: datetime) -> None:
        """Its Delegation is no more: it is kept to be read, and comes to nothing."""
        self._become(P.LAPSED)
        self.changed_at = now

    def holds_again(self, state: PlanState, *, now: datetime) -> None:
        """What had closed its Delegation was taken back."""
        self._become(state)
        self.changed_at = now
