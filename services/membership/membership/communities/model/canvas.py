"""Initiation canvases: what is thought through before a community is founded, in two hours or over weeks."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from membership.ground import Base
from membership.organisation import Delegation
from membership.people import Principal
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Fault, Refused

from .community import Community


class CanvasState(StrEnum):
    DRAFT = "draft"
    FOUNDED = "founded"
    DISCARDED = "discarded"


S = CanvasState

# In the order of the tool: all of it is needed before a community is founded, none of it before.
THOUGHTS = (
    "strategic_objectives",
    "operational_objectives",
    "key_people",
    "issue",
    "expected_results",
    "resources",
    "management_support",
)
FILLED_IN = ("name_fr", "name_ar", *THOUGHTS)


class Canvas(HasLifecycle, Entity, Base):
    """A draft by a Delegation or a principal, saved half-filled; once founded or discarded, it never changes again.

    `principal_id` is its author, where it is a principal's.
    """

    __tablename__ = "canvas"
    thing = "canvas"
    lifecycle: ClassVar[Lifecycle] = {
        S.DRAFT: frozenset({S.DRAFT, S.FOUNDED, S.DISCARDED}),
        S.FOUNDED: frozenset(),
        S.DISCARDED: frozenset(),
    }

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    principal_id: Mapped[UUID | None] = mapped_column(ForeignKey(Principal.id), index=True)
    state: Mapped[CanvasState] = mapped_column(word_of(CanvasState))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    strategic_objectives: Mapped[str]
    operational_objectives: Mapped[str]
    key_people: Mapped[str]
    issue: Mapped[str]
    expected_results: Mapped[str]
    resources: Mapped[str]
    management_support: Mapped[str]
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey(Community.id), unique=True)
    founded_at: Mapped[datetime | None] = mapped_column(Moment)

    community: Mapped[Community | None] = relationship(lazy="raise")

    @classmethod
    def draft(cls, delegation_id: UUID, principal_id: UUID | None, *, now: datetime, **thoughts: Any) -> Self:
        whole = dict.fromkeys(FILLED_IN, "") | thoughts
        return cls(delegation_id=delegation_id, principal_id=principal_id, state=S.DRAFT, drafted_at=now, **whole)

    def change(self, **thoughts: Any) -> None:
        self._become(S.DRAFT)
        for name in FILLED_IN:
            setattr(self, name, thoughts[name])

    @property
    def missing(self) -> list[str]:
        """What must still be thought through."""
        return [name for name in FILLED_IN if not getattr(self, name)]

    def found(self, *, now: datetime, **rules: Any) -> Community:
        """The community that was thought through here, planned."""
        self._must_be_able_to_become(S.FOUNDED)
        if self.missing:
            raise Refused("canvas.incomplete", faults=[Fault("canvas.missing", field=name) for name in self.missing])
        community = Community.plan(self.delegation_id, name_fr=self.name_fr, name_ar=self.name_ar, **rules)
        self._become(S.FOUNDED)
        self.community, self.founded_at = community, now
        return community

    @property
    def is_draft(self) -> bool:
        return self.state is S.DRAFT

    def belongs_to(self, delegation_id: UUID) -> None:
        """It follows its author or its community when units change; a draft can be founded where it lies."""
        if self.state is not S.DISCARDED:
            self.delegation_id = delegation_id

    def discard(self) -> None:
        self._become(S.DISCARDED)

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased whom it may name: key people, above all."""
        for name in FILLED_IN:
            setattr(self, name, traces.gone_from(getattr(self, name)))
