"""What models are made of: entities that record what happened to them."""

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import FromClause
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from .correlation import Correlation, current
from .database import new_id


class Recorded(NamedTuple):
    """An event, and in the course of what it was recorded; a twin tells the event before it in an older version."""

    event: Any
    correlation: Correlation
    is_twin: bool = False


class Entity:
    """Has an identity, counts its changes (`version`) and its events (`last_sequence`).

    What it records is written to the outbox by the flush that writes the entity itself: both or neither.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    last_sequence: Mapped[int]

    if TYPE_CHECKING:
        __table__: ClassVar[FromClause]
        __tablename__: str

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version} if "__table__" in cls.__dict__ else {}

    def __init__(self, **fields: Any) -> None:
        super().__init__(**{"id": new_id(), "last_sequence": 0, **fields})

    @property
    def edition(self) -> str:
        """Tells apart all states of it that a reader could see; more than the version where parts count alone."""
        return str(self.version)

    @property
    def records(self) -> list[Recorded]:
        """What was recorded since the last flush, in order."""
        records: list[Recorded] = self.__dict__.setdefault("_records", [])
        return records

    @property
    def recorded(self) -> list[Any]:
        """The events alone."""
        return [record.event for record in self.records]

    def forget_recorded(self) -> None:
        self.records.clear()

    @property
    def partition_key(self) -> str:
        """What must stay in order with this entity's events; by default, the entity alone."""
        return str(self.id)

    def record(self, event: Any, *, also: Any = None) -> None:
        """`also` is the same told in the previous version, for those who do not read the new one yet."""
        for told, is_twin in ((event, False), (also, True)):
            if told is not None:
                # Counting changes a column, so the flush can never be skipped as clean and the event never lost.
                self.last_sequence += 1
                self.records.append(Recorded(told, current.get(), is_twin))
