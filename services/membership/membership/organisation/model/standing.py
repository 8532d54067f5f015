"""How each unit stood from day to day: under which unit, by which name. What was is never overwritten, only ended."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.database import new_id, word_of

from .levels import Level
from .operation import Operation

EVER = date(1900, 1, 1)  # nobody said since when


class Standing(Base):
    """From `starts_on` up to the day before `ends_on` (none: until further notice) a unit stood so.

    The spans of one unit follow each other without overlap; a gap means that it was closed. `operation_id` names what
    began this span; spans of before the first operation have none.
    """

    __tablename__ = "standing"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(index=True)
    level: Mapped[Level] = mapped_column(word_of(Level))
    parent_id: Mapped[UUID | None] = mapped_column(index=True)
    code: Mapped[str]
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Operation.id), index=True)

    __table_args__ = (
        UniqueConstraint("unit_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
    )

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and not self.has_ended_by(day)

    def has_ended_by(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on <= day

    def end(self, day: date | None) -> None:
        """None: it goes on."""
        self.ends_on = day

    def call(self, *, name_fr: str, name_ar: str) -> bool:
        """A mistake in the names is corrected where it stands; tells whether there was one."""
        differs = (self.name_fr, self.name_ar) != (name_fr, name_ar)
        self.name_fr, self.name_ar = name_fr, name_ar
        return differs

    def place(self, parent_id: UUID | None) -> None:
        """On the very day on which the span begins, or before."""
        self.parent_id = parent_id
