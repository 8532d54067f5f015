"""Officers, who act for a unit, and companions, who support communities: people with an address of their own."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base, Listed
from membership.organisation import Level
from shared.domain.database import word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.events import CompanionRegistered, OfficerAppointed, OfficerWithdrawn

from .people import Language


class OfficerFunction(StrEnum):
    """The head decides (the Delegue, say); staff act for the unit beside them."""

    HEAD = "head"
    STAFF = "staff"


class OfficerState(StrEnum):
    IN_OFFICE = "in_office"
    WITHDRAWN = "withdrawn"


S = OfficerState


class Officer(HasLifecycle, Listed, Entity, Base):
    """Somebody who acts for a unit; `officer_id` is the id of their tokens. Once withdrawn, nothing names them here."""

    __tablename__ = "officer"
    thing = "officer"
    lifecycle: ClassVar[Lifecycle] = {S.IN_OFFICE: frozenset({S.WITHDRAWN}), S.WITHDRAWN: frozenset({S.IN_OFFICE})}

    officer_id: Mapped[UUID] = mapped_column(index=True)
    unit_id: Mapped[UUID]
    level: Mapped[Level] = mapped_column(word_of(Level))
    state: Mapped[OfficerState] = mapped_column(word_of(OfficerState))
    function: Mapped[OfficerFunction] = mapped_column(word_of(OfficerFunction))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    language: Mapped[Language] = mapped_column(word_of(Language))
    email: Mapped[str]
    appointed_on: Mapped[date]
    withdrawn_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("unit_id", "officer_id"),)

    @classmethod
    def appoint(cls, unit_id: UUID, level: Level, officer_id: UUID, **entry: Any) -> Self:
        officer = cls(unit_id=unit_id, level=level, officer_id=officer_id, state=S.IN_OFFICE, **entry)
        officer._tell()
        return officer

    @property
    def is_in_office(self) -> bool:
        return self.state is S.IN_OFFICE

    def enter(self, **entry: Any) -> bool:
        """Corrects whoever is in office; whoever was withdrawn is back, with all told anew. Says whether they are."""
        if self.is_in_office:
            self.correct(**entry)
            return False
        self._become(S.IN_OFFICE)
        self.withdrawn_on = None
        self.correct(**entry)
        return True

    def withdraw(self, *, today: date) -> None:
        """They act for the unit no more; that somebody did, and when, stays."""
        self._become(S.WITHDRAWN)
        self.withdrawn_on = today
        self.name_fr = self.name_ar = self.email = ""
        self.record(OfficerWithdrawn(officer_id=self.officer_id, unit_id=self.unit_id))

    def _tell(self) -> None:
        told = ("officer_id", "unit_id", "level", "function", "name_fr", "name_ar", "language", "email")
        self.record(OfficerAppointed(**{name: getattr(self, name) for name in told}))


class Companion(Listed, Entity, Base):
    """Somebody to whom communities can be given; `id` is the id of their tokens. It was entered by its unit."""

    __tablename__ = "companion"

    unit_id: Mapped[UUID] = mapped_column(index=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    language: Mapped[Language] = mapped_column(word_of(Language))
    email: Mapped[str]

    @classmethod
    def register(cls, companion_id: UUID, **entry: Any) -> Self:
        companion = cls(id=companion_id, **entry)
        companion._tell()
        return companion

    def _tell(self) -> None:
        told = ("name_fr", "name_ar", "language", "email")
        self.record(CompanionRegistered(companion_id=self.id, **{name: getattr(self, name) for name in told}))
