"""The people: principals, who head a main school and its satellites."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base, Listed, Sought
from membership.organisation import Cycle, Delegation, School
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.refusals import Refused
from shared.events import FORMER_MEMBER, LinksRevoked, PrincipalErased, PrincipalRegistered, PrincipalTransferred


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Language(StrEnum):
    FRENCH = "fr"
    ARABIC = "ar"


class Place(NamedTuple):
    """What an entry says of a principal's post; without a school, where and of which cycle they were last."""

    delegation_id: UUID
    school_code: str
    cycle: Cycle

    @classmethod
    def of(cls, school: School) -> Self:
        return cls(school.delegation_id, school.code, school.cycle)


class Principal(Sought, Listed, Entity, Base):
    """A person who heads a school; known by their national number (PPR), which never changes until they are erased."""

    __tablename__ = "principal"

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    ppr: Mapped[str] = mapped_column(unique=True)
    school_code: Mapped[str] = mapped_column(index=True)
    cycle: Mapped[Cycle] = mapped_column(word_of(Cycle))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    gender: Mapped[Gender] = mapped_column(word_of(Gender))
    email: Mapped[str]
    phone: Mapped[str | None]
    language: Mapped[Language] = mapped_column(word_of(Language))
    appointed_on: Mapped[date]
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_principal_in_order", "delegation_id", "id"),
        Index("ix_principal_by_folded_fr", "delegation_id", "folded_fr", "id"),
        Index("ix_principal_by_folded_ar", "delegation_id", "folded_ar", "id"),
        Index("ix_principal_by_school_code", "delegation_id", "school_code", "id"),
        Index("ix_principal_by_appointed_on", "delegation_id", "appointed_on", "id"),
    )

    @property
    def person_id(self) -> UUID:
        """Themself, as of whatever is about them."""
        return self.id

    @classmethod
    def register(cls, delegation_id: UUID, **entry) -> Self:
        principal = cls(delegation_id=delegation_id, **entry)
        principal._tell()
        return principal

    def correct(self, **entry: Any) -> bool:
        self.__dict__.setdefault("_appointed_before", self.appointed_on)
        return super().correct(**entry)

    @property
    def appointed_before(self) -> date:
        """As it was known before it was corrected, for whoever corrects their posts beside it. Kept nowhere."""
        return self.__dict__.get("_appointed_before", self.appointed_on)

    def is_newcomer_on(self, day: date) -> bool:
        return newcomers_since(day) < self.appointed_on <= day

    def move_to(self, place: Place, *, follows: bool, absence: str | None, on: date) -> None:
        """A mouvement has taken effect, or was taken back: what only knows the present now knows this."""
        before = self.delegation_id
        self.delegation_id, self.school_code, self.cycle = place
        self._tell()
        event = PrincipalTransferred(
            principal_id=self.id,
            from_delegation_id=before,
            to_delegation_id=self.delegation_id,
            community_follows=follows,
            absence=absence,
            effective_on=on,
        )
        self.record(event)

    def revoke_links(self, now: datetime) -> None:
        """The links in mails written until now are void: a mail was passed on, say, or a device lost."""
        self.record(LinksRevoked(principal_id=self.id, revoked_at=now))

    def erase(self, community_ids: Collection[UUID], *, now: datetime) -> None:
        """Nothing is left but the id, on which the communities' memory hangs, and what statistics count by.

        These are the Delegation, the cycle, the gender and the year of appointment: shared by many.
        """
        if self.erased_at:
            raise Refused("principal.already_erased")
        self.ppr = f"erased-{self.id}"  # longer than a number in any list can be
        self.name_fr, self.name_ar = FORMER_MEMBER.name_fr, FORMER_MEMBER.name_ar
        self.school_code, self.email, self.phone = "", "", None
        self.appointed_on = year_only(self.appointed_on)
        self.erased_at = now
        self.record(PrincipalErased(principal_id=self.id, community_ids=list(community_ids), erased_at=now))

    def _tell(self) -> None:
        told = (
            "delegation_id",
            "school_code",
            "cycle",
            "name_fr",
            "name_ar",
            "gender",
            "language",
            "email",
            "appointed_on",
        )
        self.record(PrincipalRegistered(principal_id=self.id, **{name: getattr(self, name) for name in told}))


def newcomers_since(today: date) -> date:
    """Who was appointed after this day is a newcomer: for 24 months."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - 2, day=day)


def year_only(day: date) -> date:
    return day.replace(month=1, day=1)
