"""What can be decided about units for one day: split, merge, move, rename, open, close; each yields its changes."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from shared.domain.database import new_id
from shared.domain.refusals import Fault, Invalid, Refused

from .history import Change, Heir, History, Span
from .levels import Level
from .standing import Standing

SPLIT = (Level.ACADEMY, Level.DELEGATION, Level.ZONE)


@dataclass(frozen=True)
class Part:
    """What a split makes: a unit of the same level, and what it takes of what lies below."""

    code: str
    name_fr: str
    name_ar: str
    takes: Sequence[UUID]
    unit_id: UUID | None = None  # of one that an undone operation had opened, with the same code
    zone_kind: str | None = None


class Tree:
    """Some units and what lies around them, as they stand on one day. Whether the result is sound is asked later."""

    def __init__(self, rows: Iterable[Standing], day: date) -> None:
        self.day = day
        self.history = History.of(rows)

    def split(self, unit_id: UUID, parts: Sequence[Part], *, closes: bool) -> list[Change | Heir]:
        whole = self._to_change(unit_id)
        if whole.level not in SPLIT:
            raise Refused("operation.level_stays", level=whole.level)
        self._demand_shared_out(unit_id, parts, closes=closes)
        changes: list[Change | Heir] = []
        opened = [self._opened(part, whole) for part in parts]
        for part, new in zip(parts, opened, strict=True):
            taken = [self._moved(child, new.unit_id) for child in part.takes]
            changes += [new, *taken, Heir(new.unit_id, unit_id)]
        if closes:
            changes += [self._closed(unit_id), Heir(unit_id, opened[0].unit_id)]
        return changes

    def merge(self, source_ids: Sequence[UUID], target_id: UUID) -> list[Change | Heir]:
        """All that lies below them comes to the target; they close."""
        target = self._at(target_id)
        changes: list[Change | Heir] = []
        for source in map(self._to_change, source_ids):
            if source.level is not target.level or source.unit_id == target_id:
                raise Refused("operation.not_alike", unit=source.code, target=target.code)
            coming = [child for child in self._children(source.unit_id) if child not in source_ids]
            changes += [self._moved(child, target_id) for child in coming]
            changes.append(self._closed(source.unit_id))
            changes.append(Heir(source.unit_id, target_id))
        return changes

    def move(self, unit_id: UUID, parent_id: UUID) -> list[Change]:
        self._at(parent_id)
        return [self._moved(unit_id, parent_id)]

    def rename(self, unit_id: UUID, **names: str) -> list[Change]:
        before = self._to_change(unit_id)
        return [self._changed(before, **names)]

    def open(self, unit_id: UUID, parent_id: UUID | None) -> list[Change]:
        """Again, where it stood last unless somewhere else is said."""
        last = self.history.last(unit_id)
        if last is None or last.ends_on is None or last.ends_on > self.day:
            raise Refused("unit.not_closed", unit=last.code if last else "")
        span = self._span(last, parent_id=parent_id or last.parent_id)
        return [Change(unit_id=unit_id, level=last.level, before=None, after=span)]

    def close(self, unit_id: UUID) -> list[Change]:
        if self._at(unit_id).level is Level.MINISTRY:
            raise Refused("operation.level_stays", level=Level.MINISTRY)
        return [self._closed(unit_id)]

    def _at(self, unit_id: UUID) -> Standing:
        row = self.history.at(unit_id, self.day)
        if row is None:
            known = self.history.last(unit_id)
            raise Refused("unit.not_open_then", unit=known.code if known else str(unit_id), day=self.day)
        return row

    def _to_change(self, unit_id: UUID) -> Standing:
        """As it stands, if nothing is written about it for later."""
        row = self._at(unit_id)
        last = self.history.demand_last(unit_id)
        if last is not row or row.ends_on is not None:
            day = last.starts_on if last is not row else row.ends_on
            raise Refused("operation.later_change", unit=row.code, day=day, operation=last.operation_id or "-")
        return row

    def _children(self, unit_id: UUID) -> list[UUID]:
        stands = (self.history.at(other, self.day) for other in self.history.rows)
        return [row.unit_id for row in stands if row is not None and row.parent_id == unit_id]

    def _moved(self, unit_id: UUID, parent_id: UUID) -> Change:
        return self._changed(self._to_change(unit_id), parent_id=parent_id)

    def _changed(self, row: Standing, **fields: Any) -> Change:
        after = self._span(row, **fields)
        if after.is_how(row) or all(getattr(row, name) == value for name, value in fields.items()):
            raise Refused("operation.nothing_changes", unit=row.code)
        return Change(unit_id=row.unit_id, level=row.level, before=Span.of(row), after=after)

    def _closed(self, unit_id: UUID) -> Change:
        row = self._to_change(unit_id)
        return Change(unit_id=unit_id, level=row.level, before=Span.of(row), after=None)

    def _opened(self, part: Part, like: Standing) -> Change:
        span = Span(like.parent_id, part.code, part.name_fr, part.name_ar, starts_on=self.day)
        unit_id, zone_kind = part.unit_id or new_id(), part.zone_kind
        return Change(unit_id=unit_id, level=like.level, before=None, after=span, zone_kind=zone_kind)

    def _span(self, row: Standing, **fields: Any) -> Span:
        ahead = {"starts_on": self.day, "ends_on": None, "operation_id": None}
        return msgspec.structs.replace(Span.of(row), **(fields | ahead))

    def _demand_shared_out(self, unit_id: UUID, parts: Sequence[Part], *, closes: bool) -> None:
        """Each child goes to one place; all of them, if nothing is to stay."""
        children, taken = set(self._children(unit_id)), Counter(child for part in parts for child in part.takes)
        _demand_none("operation.not_below", taken.keys() - children)
        _demand_none("operation.taken_twice", {child for child, count in taken.items() if count > 1})
        if closes and children - taken.keys():
            left = self._at(min(children - taken.keys()))
            raise Refused("operation.children_left", count=len(children - taken.keys()), unit=left.code)


def _demand_none(code: str, wrong: Collection[UUID]) -> None:
    if wrong:
        raise Invalid(code, faults=[Fault(code, field="takes", value=str(id)) for id in sorted(wrong)])
