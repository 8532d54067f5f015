"""The register to which all tables of this service belong."""

from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import new_metadata


class Base(DeclarativeBase):
    """Every table of this service; constraints have the same names on both databases."""

    metadata = new_metadata()
