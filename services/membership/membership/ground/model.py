"""The ground that all entities of this service stand on."""

from typing import Any

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from shared.domain.database import new_metadata
from shared.domain.folding import fold


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

    def _tell(self) -> None:
        """Each kind of entry has an event of its own."""
        raise NotImplementedError


def _folded(name: str) -> Any:
    """For rows that are written without their entity."""
    return lambda context: fold(context.get_current_parameters()[name])


class Sought:
    """Found and sorted by its names as people write them: without accents, vowel marks, article or case."""

    folded_fr: Mapped[str] = mapped_column(default=_folded("name_fr"))
    folded_ar: Mapped[str] = mapped_column(default=_folded("name_ar"))

    @validates("name_fr")
    def _fold_french(self, _name: str, written: str) -> str:
        self.folded_fr = fold(written)
        return written

    @validates("name_ar")
    def _fold_arabic(self, _name: str, written: str) -> str:
        self.folded_ar = fold(written)
        return written
