"""The people: principals, who head a main school and its satellites."""

from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import word_of
from shared.domain.entity import Entity
from shared.events import PrincipalRegistered

from .organisation import Cycle, Delegation
from .tables import Base, Listed


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Language(StrEnum):
    FRENCH = "fr"
    ARABIC = "ar"


class Principal(Listed, Entity, Base):
    """A person who heads a school; known by their national number (PPR), which never changes."""

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

    @classmethod
    def register(cls, delegation_id: UUID, **entry) -> Self:
        principal = cls(delegation_id=delegation_id, **entry)
        principal._tell()
        return principal

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
