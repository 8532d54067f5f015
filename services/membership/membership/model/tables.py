"""The ground that all entities of this service stand on."""

from typing import Any

from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import new_metadata


class Base(DeclarativeBase):
    """One metadata: what the migrations must build."""

    metadata = new_metadata()


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
