"""The organisation: Delegations and their schools."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import word_of
from shared.domain.entity import Entity
from shared.events import AcademyRegistered, DelegationRegistered, SchoolRegistered

from .tables import Base, Listed


class Cycle(StrEnum):
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"


class Setting(StrEnum):
    URBAN = "urban"
    RURAL = "rural"
    REMOTE = "remote"


class Academy(Listed, Entity, Base):
    """A region's administration, above its Delegations; its national code never changes."""

    __tablename__ = "academy"

    code: Mapped[str] = mapped_column(unique=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]

    @classmethod
    def register(cls, *, code: str, name_fr: str, name_ar: str) -> Self:
        academy = cls(code=code, name_fr=name_fr, name_ar=name_ar)
        academy._tell()
        return academy

    def _tell(self) -> None:
        names = {"code": self.code, "name_fr": self.name_fr, "name_ar": self.name_ar}
        self.record(AcademyRegistered(academy_id=self.id, **names))


class Delegation(Listed, Entity, Base):
    """A province's administration; its national code never changes."""

    __tablename__ = "delegation"

    code: Mapped[str] = mapped_column(unique=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    academy_id: Mapped[UUID | None] = mapped_column(ForeignKey(Academy.id), index=True)

    @classmethod
    def register(cls, *, code: str, name_fr: str, name_ar: str, academy_id: UUID | None = None) -> Self:
        delegation = cls(code=code, name_fr=name_fr, name_ar=name_ar, academy_id=academy_id)
        delegation._tell()
        return delegation

    def _tell(self) -> None:
        names = {"code": self.code, "name_fr": self.name_fr, "name_ar": self.name_ar}
        self.record(DelegationRegistered(delegation_id=self.id, academy_id=self.academy_id, **names))


class School(Listed, Entity, Base):
    """A place of teaching with a national code. A satellite names another school's code as its main school."""

    __tablename__ = "school"

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    main_code: Mapped[str] = mapped_column(index=True)
    cycle: Mapped[Cycle] = mapped_column(word_of(Cycle))
    setting: Mapped[Setting | None] = mapped_column(word_of(Setting))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]

    @classmethod
    def register(cls, delegation_id: UUID, **entry) -> Self:
        """Without a `main_code` it is a main school."""
        school = cls(delegation_id=delegation_id, **{"main_code": entry["code"], **entry})
        school._tell()
        return school

    @property
    def is_main(self) -> bool:
        return self.code == self.main_code

    def _tell(self) -> None:
        told = ("delegation_id", "code", "main_code", "cycle", "name_fr", "name_ar")
        self.record(SchoolRegistered(school_id=self.id, **{name: getattr(self, name) for name in told}))
