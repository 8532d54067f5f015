"""The people: principals, who head a main school and its satellites."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.refusals import Refused
from shared.events import FORMER_MEMBER, LinksRevoked, PrincipalErased, PrincipalRegistered

from .organisation import Cycle, Delegation
from .tables import Base, Listed


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Language(StrEnum):
    FRENCH = "fr"
    ARABIC = "ar"


class Principal(Listed, Entity, Base):
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

    @classmethod
    def register(cls, delegation_id: UUID, **entry) -> Self:
        principal = cls(delegation_id=delegation_id, **entry)
        principal._tell()
        return principal

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


def year_only(day: date) -> date:
    return day.replace(month=1, day=1)
