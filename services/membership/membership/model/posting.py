"""Posts: who headed which main school from when to when, and why somebody headed none."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import new_id, word_of

from .operation import Operation
from .organisation import School
from .people import Principal
from .tables import Base


class Absence(StrEnum):
    """Why a principal heads no school."""

    RETIRED = "retired"
    SECONDED = "seconded"
    ON_LEAVE = "on_leave"
    AWAITING_POST = "awaiting_post"
    DECEASED = "deceased"
    ERASED = "erased"


class Posting(Base):
    """From `starts_on` up to the day before `ends_on` a principal headed this school, or none for this reason.

    From their first day on, a principal has exactly one posting on every day.
    """

    __tablename__ = "posting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey(School.id), index=True)
    absence: Mapped[Absence | None] = mapped_column(word_of(Absence))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Operation.id), index=True)

    __table_args__ = (
        UniqueConstraint("principal_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
        CheckConstraint("(school_id IS NULL) <> (absence IS NULL)", name="post_or_reason"),
    )
