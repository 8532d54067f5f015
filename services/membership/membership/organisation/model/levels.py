"""The levels of the tree, what may lie below what, and what people call them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.database import word_of
from shared.domain.entity import Entity


class Level(StrEnum):
    """The levels of the tree, from the top. A satellite is a school below its main school; zones may lie in zones."""

    MINISTRY = "ministry"
    ACADEMY = "academy"
    DELEGATION = "delegation"
    ZONE = "zone"
    SCHOOL = "school"


BELOW: Mapping[Level, frozenset[Level]] = {
    Level.MINISTRY: frozenset({Level.ACADEMY, Level.DELEGATION}),
    Level.ACADEMY: frozenset({Level.DELEGATION}),
    Level.DELEGATION: frozenset({Level.ZONE, Level.SCHOOL}),
    Level.ZONE: frozenset({Level.ZONE, Level.SCHOOL}),
    Level.SCHOOL: frozenset({Level.SCHOOL}),
}
NAMES = ("one_fr", "many_fr", "one_ar", "many_ar", "one_en", "many_en")

DEFAULTS: Mapping[Level, tuple[str, ...]] = {
    Level.MINISTRY: ("ministère", "ministères", "وزارة", "وزارات", "ministry", "ministries"),
    Level.ACADEMY: ("académie régionale", "académies régionales", "أكاديمية جهوية", "أكاديميات جهوية", "academy",
                    "academies"),
    Level.DELEGATION: ("délégation", "délégations", "نيابة", "نيابات", "delegation", "delegations"),
    Level.ZONE: ("zone", "zones", "منطقة", "مناطق", "zone", "zones"),
    Level.SCHOOL: ("établissement", "établissements", "مؤسسة", "مؤسسات", "school", "schools"),
}  # fmt: skip


class LevelName(Entity, Base):
    """What people call the units of a level, one and many of them; institutions get renamed."""

    __tablename__ = "level_name"

    level: Mapped[Level] = mapped_column(word_of(Level), unique=True)
    one_fr: Mapped[str]
    many_fr: Mapped[str]
    one_ar: Mapped[str]
    many_ar: Mapped[str]
    one_en: Mapped[str]
    many_en: Mapped[str]

    @classmethod
    def of_old(cls, level: Level) -> Self:
        """As it is called until somebody says otherwise; kept nowhere yet."""
        return cls(level=level, version=0, **dict(zip(NAMES, DEFAULTS[level], strict=True)))

    @property
    def place(self) -> int:
        """Counted from the top of the tree."""
        return list(Level).index(self.level)

    def call(self, **names: Any) -> None:
        for name, value in names.items():
            setattr(self, name, value)
