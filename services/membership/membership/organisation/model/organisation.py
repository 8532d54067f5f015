"""The organisation as it is today: the Ministry, academies, Delegations, zones, schools."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base, Listed, Sought
from shared.domain.database import word_of
from shared.domain.entity import Entity
from shared.domain.refusals import Refused
from shared.events import (
    AcademyRegistered,
    DelegationRegistered,
    SchoolRegistered,
    UnitClosed,
    UnitReopened,
    ZoneRegistered,
)

from .levels import Level

MINISTRY_ID = UUID("00000000-0000-7000-8000-000000000001")  # there is one, and the migrations enter it


class Cycle(StrEnum):
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"


class Setting(StrEnum):
    URBAN = "urban"
    RURAL = "rural"
    REMOTE = "remote"


class ZoneKind(StrEnum):
    PEDAGOGICAL_ZONE = "pedagogical_zone"
    SCHOOL_BASIN = "school_basin"


class Unit(Listed, Entity):
    """What has a place in the tree of units. Closed, it stays what it was: nothing lies below it any more."""

    level: ClassVar[Level]
    code: Mapped[str]
    closed_on: Mapped[date | None]

    def close(self, on: date) -> None:
        if self.closed_on != on:
            self.closed_on = on
            self.record(UnitClosed(unit_id=self.id, level=self.level, closed_on=on))

    def demand_open(self) -> None:
        if self.closed_on is not None:
            raise Refused("unit.is_closed", unit=self.code, day=self.closed_on)

    def reopen(self) -> None:
        if self.closed_on is not None:
            self.closed_on = None
            self.record(UnitReopened(unit_id=self.id, level=self.level))


class Ministry(Entity, Base):
    """The top of the tree; there is one."""

    __tablename__ = "ministry"
    level = Level.MINISTRY

    code: Mapped[str] = mapped_column(unique=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]

    def correct(self, *, name_fr: str, name_ar: str) -> None:
        self.name_fr, self.name_ar = name_fr, name_ar


class Academy(Unit, Base):
    """A region's administration, above its Delegations; its national code never changes."""

    __tablename__ = "academy"
    level = Level.ACADEMY

    code: Mapped[str] = mapped_column(unique=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]

    @classmethod
    def register(cls, *, code: str, name_fr: str, name_ar: str, **more: Any) -> Self:
        academy = cls(code=code, name_fr=name_fr, name_ar=name_ar, **more)
        academy._tell()
        return academy

    def _tell(self) -> None:
        names = {"code": self.code, "name_fr": self.name_fr, "name_ar": self.name_ar}
        self.record(AcademyRegistered(academy_id=self.id, **names))


class Delegation(Unit, Base):
    """A province's administration; its national code never changes."""

    __tablename__ = "delegation"
    level = Level.DELEGATION

    code: Mapped[str] = mapped_column(unique=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    academy_id: Mapped[UUID | None] = mapped_column(ForeignKey(Academy.id), index=True)

    @property
    def delegation_id(self) -> UUID:
        """Its own, as of whatever belongs to it."""
        return self.id

    @classmethod
    def register(cls, *, code: str, name_fr: str, name_ar: str, academy_id: UUID | None = None, **more: Any) -> Self:
        delegation = cls(code=code, name_fr=name_fr, name_ar=name_ar, academy_id=academy_id, **more)
        delegation._tell()
        return delegation

    def _tell(self) -> None:
        names = {"code": self.code, "name_fr": self.name_fr, "name_ar": self.name_ar}
        self.record(DelegationRegistered(delegation_id=self.id, academy_id=self.academy_id, **names))


class Zone(Unit, Base):
    """A part of a Delegation, or of a zone around it; its national code never changes."""

    __tablename__ = "zone"
    level = Level.ZONE

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    around_id: Mapped[UUID | None] = mapped_column(ForeignKey("zone.id"), index=True)
    kind: Mapped[ZoneKind] = mapped_column(word_of(ZoneKind))
    code: Mapped[str] = mapped_column(unique=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]

    @classmethod
    def register(cls, delegation_id: UUID, **entry: Any) -> Self:
        zone = cls(delegation_id=delegation_id, **entry)
        zone._tell()
        return zone

    @property
    def parent_id(self) -> UUID:
        return self.around_id or self.delegation_id

    def demand_around(self, around_id: UUID | None) -> None:
        """An entry repeats where it lies; to move it is an operation, with a date."""
        if self.around_id != around_id:
            raise Refused("zone.moves_by_operation", unit=self.code)

    def _tell(self) -> None:
        told = ("delegation_id", "parent_id", "code", "kind", "name_fr", "name_ar")
        self.record(ZoneRegistered(zone_id=self.id, **{name: getattr(self, name) for name in told}))


class School(Sought, Unit, Base):
    """A place of teaching with a national code. A satellite names another school's code as its main school.

    A satellite has no zone of its own: it lies below its main school.
    """

    __tablename__ = "school"
    level = Level.SCHOOL

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    zone_id: Mapped[UUID | None] = mapped_column(ForeignKey(Zone.id), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    main_code: Mapped[str] = mapped_column(index=True)
    cycle: Mapped[Cycle] = mapped_column(word_of(Cycle))
    setting: Mapped[Setting | None] = mapped_column(word_of(Setting))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]

    __table_args__ = (
        Index("ix_school_in_order", "delegation_id", "id"),
        Index("ix_school_by_code", "delegation_id", "code", "id"),
        Index("ix_school_by_folded_fr", "delegation_id", "folded_fr", "id"),
        Index("ix_school_by_folded_ar", "delegation_id", "folded_ar", "id"),
    )

    @classmethod
    def register(cls, delegation_id: UUID, **entry) -> Self:
        """Without a `main_code` it is a main school."""
        known = {"main_code": entry["code"], **entry}
        school = cls(delegation_id=delegation_id, **_in_its_zone(known, known["main_code"] == known["code"]))
        school._tell()
        return school

    @property
    def is_main(self) -> bool:
        return self.code == self.main_code

    def correct(self, **entry: Any) -> bool:
        return super().correct(**_in_its_zone(entry, entry.get("main_code", self.main_code) == self.code))

    def _tell(self) -> None:
        told = ("delegation_id", "code", "main_code", "cycle", "name_fr", "name_ar", "zone_id")
        self.record(SchoolRegistered(school_id=self.id, **{name: getattr(self, name) for name in told}))


def _in_its_zone(entry: dict[str, Any], is_main: bool) -> dict[str, Any]:
    """Lists repeat the zone of the main school in the rows of its satellites."""
    return entry if is_main else {**entry, "zone_id": None}
