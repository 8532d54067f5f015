"""The ground that all entities of this service stand on."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import new_metadata


class Base(DeclarativeBase):
    """One metadata: what the migrations must build."""

    metadata = new_metadata()


def word_of(kind: type[StrEnum]) -> Enum:
    """A column that holds one of a few words, as text."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda words: [w.value for w in words],
    )


class Listed:
    """An entry of a national list; a newer list may correct it, and every correction is told."""

    def correct(self, **entry: Any) -> bool:
        """Take over what a newer list says; tells (and returns True) only if something differs."""
        changes = {name: value for name, value in entry.items() if getattr(self, name) != value}
        for name, value in changes.items():
            setattr(self, name, value)
        if changes:
            self._tell()
        return bool(changes)
