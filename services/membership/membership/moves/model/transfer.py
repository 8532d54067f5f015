"""Transfers: what one mouvement does for one principal, and what became of their home community by it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from membership.communities import Community
from membership.ground import Base
from membership.organisation import Cycle, Delegation, Operation, School
from membership.people import Absence, Place, Post, Principal
from shared.domain.database import word_of


class Home(StrEnum):
    """What becomes of somebody's home community."""

    NONE = "none"
    KEPT = "kept"
    LEFT = "left"
    RESTORED = "restored"
    NOT_RESTORED = "not_restored"


class Transfer(Base):
    """One of those whom a mouvement moves. Where they stood before is written down on the day, to be taken back by.

    `community_id` is the home that they left by it, which they coordinated until `mandate_ends_on`, if they did.
    """

    __tablename__ = "transfer"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey(Operation.id), primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), primary_key=True, index=True)
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey(School.id))
    absence: Mapped[Absence | None] = mapped_column(word_of(Absence))
    follows: Mapped[bool]
    home: Mapped[Home] = mapped_column(word_of(Home))
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Delegation.id))
    cycle: Mapped[Cycle | None] = mapped_column(word_of(Cycle))
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey(Community.id))
    mandate_ends_on: Mapped[date | None]
    invited_to_id: Mapped[UUID | None] = mapped_column(ForeignKey(Community.id))

    @classmethod
    def plan(cls, operation_id: UUID, principal_id: UUID, post: Post, *, follows: bool) -> Self:
        ids = {"operation_id": operation_id, "principal_id": principal_id}
        return cls(**ids, **post._asdict(), follows=follows, home=Home.NONE)

    @property
    def place_before(self) -> Place:
        """Of somebody who headed no school then. Refuses before the day on which it is remembered."""
        if self.delegation_id is None or self.cycle is None:
            raise ValueError("nobody has remembered where they stood")
        return Place(self.delegation_id, "", self.cycle)

    def remember(self, principal: Principal) -> None:
        """Where they stand before it takes effect."""
        self.delegation_id, self.cycle = principal.delegation_id, principal.cycle

    def decide_home(self, home: Home, community: Community | None, invited_to_id: UUID | None) -> None:
        """On the day; `community` is their home then."""
        self.home, self.invited_to_id = home, invited_to_id
        if home is Home.LEFT and community is not None:
            self.community_id = community.id
            self.mandate_ends_on = community.mandate_ends_on if community.coordinator_id == self.principal_id else None

    def leave_invitation(self) -> None:
        """That community had asked them before: what did not begin by this is not taken back with it."""
        self.invited_to_id = None

    @property
    def goes_elsewhere(self) -> bool:
        """They follow, and are not at home there already."""
        return self.follows and self.home is not Home.KEPT

    def restore_home(self, *, is_restored: bool) -> None:
        self.home = Home.RESTORED if is_restored else Home.NOT_RESTORED


@dataclass(frozen=True)
class Neighbourhood:
    """The home communities of each Delegation, and for each zone how many of which community have their post there."""

    homes: Mapping[UUID, Collection[UUID]]
    neighbours: Mapping[UUID, Counter[UUID]]

    @property
    def home_ids(self) -> set[UUID]:
        return {home for homes in self.homes.values() for home in homes}

    def home_of(self, school: School) -> UUID | None:
        """That to which most from its zone belong; where nobody does, the only one of its Delegation."""
        homes = self.homes.get(school.delegation_id, ())
        near = self.neighbours.get(school.zone_id) if school.zone_id else None
        here = {home: count for home, count in (near or {}).items() if home in homes}
        nearest = [home for home, count in here.items() if count == max(here.values())]
        return min(nearest) if nearest else (next(iter(homes)) if len(homes) == 1 else None)

    def after(self, school: School | None, home_id: UUID | None, *, follows: bool) -> tuple[Home, UUID | None]:
        """What becomes of the home of somebody who goes to this school, and to which one they are invited."""
        fit = self.home_of(school) if school and follows else None
        if home_id is None:
            return Home.NONE, fit
        return (Home.LEFT, fit) if follows and fit != home_id else (Home.KEPT, None)
