"""Communities: groups of peers, planned by a Delegation, living by what their members do."""

from collections import Counter
from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.organisation import Delegation
from membership.people import Principal
from shared.domain.database import word_of
from shared.domain.erasure import Traces
from shared.domain.lifecycle import Lifecycle
from shared.events import CommunityMoved, CommunityPlanned, CoordinatorConfirmed

from .life import AT_ONCE, WATCHED, CommunityState, Living

C = CommunityState


class Community(Living, Base):
    """A group of peers of one Delegation; it has at most one coordinator, who was elected and confirmed."""

    __tablename__ = "community"
    thing = "community"
    lifecycle: ClassVar[Lifecycle] = {
        C.PLANNED: frozenset({C.FORMING, C.DISSOLVED}),
        C.FORMING: frozenset({C.ACTIVE, C.DISSOLVED}),
        C.ACTIVE: frozenset({C.DORMANT, C.DISSOLVED}),
        C.DORMANT: frozenset({C.ACTIVE, C.DISSOLVED}),
        C.DISSOLVED: frozenset(),
    }

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    state: Mapped[CommunityState] = mapped_column(word_of(CommunityState))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    is_home: Mapped[bool]
    is_open: Mapped[bool]
    theme_fr: Mapped[str | None]
    theme_ar: Mapped[str | None]
    quorum_percent: Mapped[int]
    mandate_months: Mapped[int]
    coordinator_id: Mapped[UUID | None] = mapped_column(ForeignKey(Principal.id), index=True)
    mandate_ends_on: Mapped[date | None]

    __table_args__ = (
        Index("ix_community_watch_on", "watch_on", postgresql_where=WATCHED, sqlite_where=WATCHED),
        Index("ix_community_in_order", "delegation_id", "id"),
    )

    @property
    def community_id(self) -> UUID:
        """Its own, as of whatever belongs to it."""
        return self.id

    @classmethod
    def plan(
        cls,
        delegation_id: UUID,
        *,
        name_fr: str,
        name_ar: str,
        is_home: bool,
        quorum_percent: int,
        mandate_months: int,
        **theme: Any,
    ) -> Self:
        """`theme`: as `works_on` takes it."""
        community = cls(
            delegation_id=delegation_id,
            state=C.PLANNED,
            name_fr=name_fr,
            name_ar=name_ar,
            is_home=is_home,
            quorum_percent=quorum_percent,
            mandate_months=mandate_months,
        )
        community.works_on(**theme)
        event = CommunityPlanned(
            community_id=community.id, delegation_id=delegation_id, name_fr=name_fr, name_ar=name_ar
        )
        community.record(event)
        return community

    def works_on(self, *, is_open: bool = False, theme_fr: str | None = None, theme_ar: str | None = None) -> None:
        """`is_open`: principals from elsewhere in the academy may ask to join, if it is no home."""
        self.demand_undissolved()
        self.is_open, self.theme_fr, self.theme_ar = is_open, theme_fr, theme_ar

    def can_be_asked_by(self, principal: Principal, delegation: Delegation, theirs: Delegation) -> bool:
        """May they ask to be taken in? `delegation` is the community's, `theirs` the principal's."""
        if self.state is C.DISSOLVED or principal.erased_at:
            return False
        is_near = delegation.academy_id is not None and delegation.academy_id == theirs.academy_id
        return delegation.id == theirs.id or (self.is_open and not self.is_home and is_near)

    def form(self) -> None:
        """The first invitations go out."""
        self.demand_undissolved()
        if self.state is C.PLANNED:
            self._become(C.FORMING)

    def is_coordinated_by(self, coordinator_id: UUID, mandate_ends_on: date) -> None:
        self.coordinator_id, self.mandate_ends_on, self.vacant_since = coordinator_id, mandate_ends_on, None
        self.watch_on = AT_ONCE

    def gets_back(self, coordinator: Principal, mandate_ends_on: date) -> None:
        """What had ended their mandate early was taken back."""
        self.is_coordinated_by(coordinator.id, mandate_ends_on)
        event = CoordinatorConfirmed(
            community_id=self.id,
            principal_id=coordinator.id,
            name_fr=coordinator.name_fr,
            name_ar=coordinator.name_ar,
            mandate_ends_on=mandate_ends_on,
        )
        self.record(event)

    def loses(self, principal_id: UUID, *, now: datetime) -> None:
        """A member has left; a community whose coordinator leaves has none."""
        if self.coordinator_id == principal_id:
            self.coordinator_id = self.mandate_ends_on = None
            self.is_vacant_since(now)

    def goes_to(self, members: Counter[UUID], heir_id: UUID | None) -> UUID:
        """Where its members' schools lie for the most part, of those Delegations that they lie in now.

        If that is undecided it stays, or goes to the heir of a Delegation that is no more.
        """
        most = [delegation_id for delegation_id, count in members.items() if count == max(members.values())]
        stays = self.delegation_id if heir_id is None else heir_id
        return most[0] if len(most) == 1 else stays

    def move(self, delegation_id: UUID) -> None:
        self.delegation_id = delegation_id
        self.record(CommunityMoved(community_id=self.id, delegation_id=delegation_id))

    def is_ruled_by(self, *, quorum_percent: int, mandate_months: int) -> None:
        """From the next election on."""
        self.quorum_percent, self.mandate_months = quorum_percent, mandate_months

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased; why it ended stays, without them."""
        self.dissolution_reason = self.dissolution_reason and traces.gone_from(self.dissolution_reason)
