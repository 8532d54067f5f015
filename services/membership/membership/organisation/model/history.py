"""The history of units as spans, and how a change is written into it and taken back: exactly, or not at all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

import msgspec

from shared.domain.refusals import Refused

from .levels import Level
from .standing import Standing


class Span(msgspec.Struct, frozen=True):
    """How a unit stood for a time, as an operation keeps it."""

    parent_id: UUID | None
    code: str
    name_fr: str
    name_ar: str
    starts_on: date
    ends_on: date | None = None
    operation_id: UUID | None = None

    @classmethod
    def of(cls, row: Standing) -> Self:
        return cls(*(getattr(row, name) for name in cls.__struct_fields__))

    def is_how(self, row: Standing) -> bool:
        """Until when, and by what, is another question."""
        is_since_then = (self.code, self.starts_on) == (row.code, row.starts_on)
        return is_since_then and self.parent_id == row.parent_id and self.names == (row.name_fr, row.name_ar)

    @property
    def names(self) -> tuple[str, str]:
        return self.name_fr, self.name_ar


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One unit before and from the day on: opened where there is no before, closed where there is no after."""

    unit_id: UUID
    level: Level
    before: Span | None
    after: Span | None
    zone_kind: str | None = None

    @property
    def shown(self) -> Span:
        span = self.after or self.before
        if span is None:
            raise ValueError("a change has a before, an after, or both")
        return span

    @property
    def what(self) -> str:
        if self.before is None or self.after is None:
            return "opened" if self.after else "closed"
        return "moved" if self.moves else "renamed"

    @property
    def renames(self) -> bool:
        return bool(self.before and self.after and self.before.names != self.after.names)

    def is_left(self, row: Standing) -> bool:
        """Is the unit as this change has left it? What it did not change may have been corrected since."""
        if self.after is None:
            return False
        moved = self.moves and row.parent_id != self.after.parent_id
        was_renamed_since = self.renames and self.after.names != (row.name_fr, row.name_ar)
        return row.starts_on == self.after.starts_on and not moved and not was_renamed_since

    @property
    def from_parent_id(self) -> UUID | None:
        return self.before.parent_id if self.before else None

    @property
    def to_parent_id(self) -> UUID | None:
        return self.after.parent_id if self.after else None

    @property
    def moves(self) -> bool:
        """Does it stand elsewhere, or no more, or anew?"""
        return not (self.before and self.after and self.before.parent_id == self.after.parent_id)


class Heir(msgspec.Struct, frozen=True):
    """Who gets what does not lie in the tree (communities, people without a post) once that unit is closed."""

    heir_of: UUID
    heir_id: UUID


class Carried(msgspec.Struct, frozen=True):
    """A community that followed to another Delegation on the day. Whom that concerns does not stand here."""

    community_id: UUID
    from_id: UUID
    to_id: UUID


class CarriedDraft(msgspec.Struct, frozen=True):
    """A canvas that was a draft, and went to another Delegation. Who had drafted it does not stand here."""

    canvas_id: UUID
    from_id: UUID
    to_id: UUID


class LapsedPlan(msgspec.Struct, frozen=True):
    """A plan of a Delegation that is no more; `state` is how far it was."""

    plan_id: UUID
    state: str


Kept = Change | Heir | Carried | CarriedDraft | LapsedPlan

KINDS = {
    "unit_id": Change,
    "heir_of": Heir,
    "community_id": Carried,
    "canvas_id": CarriedDraft,
    "plan_id": LapsedPlan,
}


def stored(*changes: Kept) -> list[dict[str, Any]]:
    return msgspec.to_builtins(changes, builtin_types=())


def kept(changes: Iterable[dict[str, Any]], kind: Any) -> list[Any]:
    """Those of one kind, of all that an operation keeps."""
    key = next(name for name, known in KINDS.items() if known is kind)
    return [msgspec.convert(change, kind) for change in changes if key in change]


@dataclass
class History:
    """All spans of some units. What was `added` and `removed` is for the session."""

    rows: dict[UUID, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    added: list[Standing] = field(default_factory=list)
    removed: list[Standing] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[Standing]) -> Self:
        history = cls()
        for row in sorted(rows, key=lambda row: row.starts_on):
            history.rows[row.unit_id].append(row)
        return history

    def at(self, unit_id: UUID, day: date) -> Standing | None:
        return next((row for row in self.rows[unit_id] if row.holds_on(day)), None)

    def last(self, unit_id: UUID) -> Standing | None:
        return self.rows[unit_id][-1] if self.rows[unit_id] else None

    def demand_last(self, unit_id: UUID) -> Standing:
        """Of a unit of which something is known: whoever asks has found it here before."""
        row = self.last(unit_id)
        if row is None:
            raise LookupError(f"nothing is known of the unit {unit_id}")
        return row

    def correct_names(self, row: Standing, *, name_fr: str, name_ar: str) -> None:
        """In this span, and in those that follow by the same name: they were decided before the mistake was seen."""
        rows, wrong = self.rows[row.unit_id], (row.name_fr, row.name_ar)
        for each in rows[rows.index(row) :]:
            if (each.name_fr, each.name_ar) != wrong:
                break
            each.call(name_fr=name_fr, name_ar=name_ar)

    def correct_place_after(self, row: Standing, parent_id: UUID | None) -> None:
        """In the spans that follow this one below the same unit: they were decided before anybody knew better."""
        rows = self.rows[row.unit_id]
        for later in rows[rows.index(row) + 1 :]:
            if later.parent_id != row.parent_id:
                break
            later.place(parent_id)

    def covers(self, unit_id: UUID, starts_on: date, ends_on: date | None) -> bool:
        """Did it stand on each of these days?"""
        day: date | None = starts_on
        for row in self.rows[unit_id]:
            if day is not None and row.holds_on(day):
                day = row.ends_on
        return day is None or (ends_on is not None and day >= ends_on)

    def write(self, change: Change, day: date, operation_id: UUID) -> None:
        if change.before is not None:
            self._end(change, day)
        if change.after is not None:
            self._begin(change.unit_id, change.level, change.after, operation_id)

    def take_back(self, change: Change, day: date, operation_id: UUID) -> None:
        """As it was before. Refuses where somebody has changed it since; what else was corrected stays correct."""
        last = self._demand_unchanged(change, operation_id) if change.after is not None else None
        if last is not None:
            self._remove(last)
        elif any(row.starts_on >= day for row in self.rows[change.unit_id]):
            raise Refused("operation.changed_since", unit=change.shown.code)
        if change.before is not None:
            self._restore(change, change.before, day)
            self._keep_corrected(change, last)

    def _end(self, change: Change, day: date) -> None:
        row = self.demand_last(change.unit_id)
        if row.starts_on == day:
            self._remove(row)
        else:
            row.end(day)

    def _restore(self, change: Change, before: Span, day: date) -> None:
        if before.starts_on == day:
            self._begin(change.unit_id, change.level, before, before.operation_id)
        elif (row := self.demand_last(change.unit_id)).ends_on == day:
            row.end(before.ends_on)
        else:
            raise Refused("operation.changed_since", unit=before.code)

    def _keep_corrected(self, change: Change, last: Standing | None) -> None:
        row = self.demand_last(change.unit_id)
        if last is not None and not change.renames:
            row.call(name_fr=last.name_fr, name_ar=last.name_ar)
        if last is not None and not change.moves:
            row.place(last.parent_id)

    def _demand_unchanged(self, change: Change, operation_id: UUID) -> Standing:
        row = self.last(change.unit_id)
        if row is None or row.operation_id != operation_id or row.ends_on or not change.is_left(row):
            raise Refused("operation.changed_since", unit=change.shown.code)
        return row

    def _begin(self, unit_id: UUID, level: Level, span: Span, operation_id: UUID | None) -> None:
        stands = {name: getattr(span, name) for name in Span.__struct_fields__} | {"operation_id": operation_id}
        row = Standing(unit_id=unit_id, level=level, **stands)
        self.rows[unit_id].append(row)
        self.added.append(row)

    def _remove(self, row: Standing) -> None:
        self.rows[row.unit_id].remove(row)
        self.removed.append(row)
