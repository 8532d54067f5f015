"""What a plan consists of: its groups, the place of each principal, and the wishes that were to be respected."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from membership.communities import Community
from membership.ground import Base
from membership.people import Principal
from shared.domain.database import new_id, word_of
from shared.domain.refusals import Refused

from .plan import Plan


class PlanGroup(Base):
    """One group, counted from 1, that would meet at the school `host_code`; `community_id` is what it has become."""

    __tablename__ = "plan_group"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(Plan.id))
    number: Mapped[int]
    host_code: Mapped[str]
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey(Community.id), index=True)

    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    def becomes(self, community: Community) -> None:
        self.community_id, self.name_fr, self.name_ar = community.id, community.name_fr, community.name_ar


class PlacedBy(StrEnum):
    """By what a principal is put on the map: their main school, or the middle of what they belong to."""

    SCHOOL = "school"
    ZONE = "zone"
    DELEGATION = "delegation"
    NOWHERE = "nowhere"


class PlanPlace(Base):
    """Where one principal is placed: `number` is their group, `km` the way to its host.

    `previous` is the group that was theirs before the last computation. `moved_from` is where the computation had put
    whoever was moved by hand.
    """

    __tablename__ = "plan_place"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(Plan.id))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    number: Mapped[int]
    km: Mapped[float]
    placed_by: Mapped[PlacedBy] = mapped_column(word_of(PlacedBy))
    is_fixed: Mapped[bool]
    previous: Mapped[int | None]
    moved_from: Mapped[int | None]

    __table_args__ = (UniqueConstraint("plan_id", "principal_id"),)

    def move(self, number: int) -> None:
        """By hand: they stay there when the plan is computed anew. Moved twice, they come from where they began."""
        self.moved_from = self.number if self.moved_from is None else self.moved_from
        self.number, self.is_fixed = number, True

    def take_back(self, *, fixed_to: int | None) -> None:
        """Back to where they were before they were moved, and free, unless a wish holds them: it then says where.

        A computation since has taken the move over: then they stay, and the next one may place them elsewhere.
        """
        is_held_by_hand = self.is_fixed and self.number != fixed_to
        if self.moved_from is None and not is_held_by_hand:
            raise Refused("plan.not_moved")
        self.number = self.moved_from or fixed_to or self.number
        self.is_fixed, self.moved_from = fixed_to is not None, None

    def measure(self, km: float) -> None:
        self.km = km


class WishKind(StrEnum):
    FIXED = "fixed"
    EXCLUDED = "excluded"
    TOGETHER = "together"
    APART = "apart"


class Exclusion(StrEnum):
    """Why somebody is not planned for: words to choose from, since a text of one's own could name others."""

    OWN_WISH = "own_wish"
    ABOUT_TO_LEAVE = "about_to_leave"
    LONG_ABSENCE = "long_absence"
    BELONGS_ELSEWHERE = "belongs_elsewhere"
    OTHER = "other"


class PlanWish(Base):
    """One wish about one principal: fixed to group `number`, left out, or with or without the `other`.

    The last two are weighed: `km` is what one would travel for it.
    """

    __tablename__ = "plan_wish"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey(Plan.id), index=True)
    kind: Mapped[WishKind] = mapped_column(word_of(WishKind))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey(Principal.id), index=True)
    number: Mapped[int | None]
    exclusion: Mapped[Exclusion | None] = mapped_column(word_of(Exclusion))
    km: Mapped[float | None]

    @classmethod
    def fix(cls, plan: Plan, principal_id: UUID, number: int) -> Self:
        return cls(plan_id=plan.id, kind=WishKind.FIXED, principal_id=principal_id, number=number)

    @classmethod
    def exclude(cls, plan: Plan, principal_id: UUID, exclusion: Exclusion) -> Self:
        return cls(plan_id=plan.id, kind=WishKind.EXCLUDED, principal_id=principal_id, exclusion=exclusion)

    @classmethod
    def pair(cls, plan: Plan, kind: WishKind, principal_id: UUID, other_id: UUID, km: float) -> Self:
        return cls(plan_id=plan.id, kind=kind, principal_id=principal_id, other_id=other_id, km=km)
