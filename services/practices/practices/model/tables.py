"""The register to which all tables of this service belong, and how a choice of words is stored."""

from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import new_metadata


class Base(DeclarativeBase):
    """Every table of this service; constraints have the same names on both databases."""

    metadata = new_metadata()


def choice(words: type[StrEnum]) -> Enum:
    """A column that holds one of these words as text, so that a new word needs no migration."""
    return Enum(words, native_enum=False, create_constraint=False, length=40, values_callable=list)
