"""Posts: who headed which main school from when to when, and why somebody headed none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.organisation import EVER, Operation, School
from shared.domain.database import new_id, word_of
from shared.domain.refusals import Refused

from .people import Principal, year_only

OPEN = text("ends_on IS NULL")


class Absence(StrEnum):
    """Why a principal heads no school."""

    RETIRED = "retired"
    SECONDED = "seconded"
    ON_LEAVE = "on_leave"
    AWAITING_POST = "awaiting_post"
    DECEASED = "deceased"
    ERASED = "erased"


class Post(NamedTuple):
    """A main school, or why there is none: one of the two."""

    school_id: UUID | None
    absence: Absence | None = None


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
        Index("uq_posting_open", "principal_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
        CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
        CheckConstraint("(school_id IS NULL) <> (absence IS NULL)", name="post_or_reason"),
    )

    @staticmethod
    def first_row(
        principal: Principal, school_id: UUID, *, posted_on: date | None = None, opened_on: date = EVER
    ) -> dict[str, Any]:
        """The columns of somebody's first posting, for whoever writes many at once. Nobody heads what is not open."""
        starts_on = max(posted_on or principal.appointed_on, opened_on)
        return {"id": new_id(), "principal_id": principal.id, "school_id": school_id, "starts_on": starts_on}

    @classmethod
    def of_erased(cls, principal: Principal) -> Self:
        starts_on = year_only(principal.appointed_on)
        return cls(id=new_id(), principal_id=principal.id, absence=Absence.ERASED, starts_on=starts_on)

    @property
    def post(self) -> Post:
        return Post(self.school_id, self.absence)

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def _is(self, post: Post) -> None:
        """Another word on the same days; what an operation had said of them is no longer there to be taken back."""
        self.school_id, self.absence = post
        self.operation_id = None

    def _begins(self, day: date) -> None:
        self.starts_on = day

    def _ends(self, day: date | None) -> None:
        self.ends_on = day


@dataclass
class Career:
    """All postings of one principal, the earliest first: they follow each other without gap or overlap."""

    spans: list[Posting]

    @classmethod
    def of(cls, spans: Iterable[Posting]) -> Self:
        return cls(sorted(spans, key=lambda span: span.starts_on))

    @property
    def first(self) -> Posting:
        return self.spans[0]

    @property
    def last(self) -> Posting:
        return self.spans[-1]

    def has_ended_first_by(self, day: date) -> bool:
        """Was their first post over by then? Nobody is appointed after that."""
        return self.first.ends_on is not None and self.first.ends_on <= day

    def begin_anew(self, appointed_on: date, *, before: date, opened_on: date) -> None:
        """Their appointment was corrected: where their first post began with it, it does so still."""
        if self.first.starts_on != max(before, opened_on):
            return
        if self.has_ended_first_by(max(appointed_on, opened_on)):
            raise Refused("request.conflict")
        self.first._begins(max(appointed_on, opened_on))

    def on(self, day: date) -> Posting:
        """The posting of that day; before their first day, the first."""
        return next((span for span in reversed(self.spans) if span.starts_on <= day), self.spans[0])

    def follow_list(self, school_id: UUID, today: date) -> Posting | None:
        """A newer list says where they are, from today on; what is decided for later stays.

        Who was erased while the list was read is brought back by none.
        """
        current = self.on(today)
        if current.school_id == school_id or current.absence is Absence.ERASED:
            return None
        if current.starts_on >= today:
            current._is(Post(school_id))
            return None
        began = self._span(Post(school_id), today, current.ends_on, None)
        current._ends(today)
        return began

    def begin(self, post: Post, day: date, operation_id: UUID) -> Posting:
        """The post that they hold from that day on; the last span must have begun before it."""
        began = self._span(post, day, None, operation_id)
        self.last._ends(day)
        return began

    def is_last_by(self, operation_id: UUID) -> bool:
        """Has nothing been decided or corrected after what this operation began?"""
        return self.last.operation_id == operation_id and len(self.spans) > 1

    def reopen(self) -> Posting:
        """The last span is gone: the one before it goes on as if it had never ended."""
        self.spans.pop()
        self.last._ends(None)
        return self.last

    def _span(self, post: Post, starts_on: date, ends_on: date | None, operation_id: UUID | None) -> Posting:
        of = {"principal_id": self.spans[0].principal_id, "operation_id": operation_id}
        return Posting(id=new_id(), **of, **post._asdict(), starts_on=starts_on, ends_on=ends_on)
