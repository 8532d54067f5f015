"""What must hold of the tree on every day from a change on; whoever changes or restores it asks here before the end."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from membership.organisation import BELOW, History, Level, Standing
from membership.people import Posting
from shared.domain.refusals import Refused

DEEPEST = 12  # from the Ministry down; reach is followed up through 16


class Soundness:
    """`touched` changed from `day` on; the history holds them, what stands below them, and all that is above."""

    def __init__(self, rows: Iterable[Standing], touched: Collection[UUID], day: date) -> None:
        self._history, self._touched, self._day = History.of(rows), touched, day

    def demand(self, postings: Iterable[Posting]) -> None:
        for row in self._later_rows():
            self._demand_parent(row)
            self._demand_level(row)
        for unit_id in self._touched:
            self._demand_ways_up(unit_id)
        for posting in postings:
            if posting.school_id is not None:
                self._demand_main_school(posting, posting.school_id)

    def _later_rows(self) -> list[Standing]:
        """What is touched or lies below it, on any day from then on."""
        rows = [row for rows in self._history.rows.values() for row in rows if not row.has_ended_by(self._day)]
        return [row for row in rows if row.unit_id in self._touched or row.parent_id in self._touched]

    def _demand_parent(self, row: Standing) -> None:
        """Nobody stands below a unit that is closed then."""
        if row.level is Level.MINISTRY:
            return
        begins = max(row.starts_on, self._day)
        if row.parent_id is None or not self._history.covers(row.parent_id, begins, row.ends_on):
            parent = self._history.last(row.parent_id) if row.parent_id else None
            raise Refused("unit.parent_closed", unit=row.code, parent=parent.code if parent else "-", day=begins)

    def _demand_level(self, row: Standing) -> None:
        for parent in self._history.rows[row.parent_id] if row.parent_id else []:
            if parent.has_ended_by(max(row.starts_on, self._day)) or (row.ends_on and parent.starts_on >= row.ends_on):
                continue
            if row.level not in BELOW[parent.level]:
                raise Refused("unit.level_order", level=row.level, parent_level=parent.level)
            if parent.level is Level.SCHOOL and self._is_school(parent.parent_id):
                raise Refused("unit.satellite_of_satellite", unit=row.code, parent=parent.code)

    def _demand_ways_up(self, unit_id: UUID) -> None:
        """On each day on which something changes, the way up leads to the top, without a circle."""
        days = {row.starts_on for rows in self._history.rows.values() for row in rows if row.starts_on > self._day}
        for day in {self._day, *days}:
            row = self._history.at(unit_id, day)
            for _ in range(DEEPEST):
                row = self._history.at(row.parent_id, day) if row is not None and row.parent_id else None
            if row is not None:
                raise Refused("unit.circle_or_too_deep", unit=self._history.demand_last(unit_id).code, levels=DEEPEST)

    def _demand_main_school(self, posting: Posting, school_id: UUID) -> None:
        """Whoever heads a school heads a main school that is open."""
        begins = max(posting.starts_on, self._day)
        main = self._history.covers(school_id, begins, posting.ends_on)
        rows = [row for row in self._history.rows[school_id] if not row.has_ended_by(begins)]
        if not main or any(self._is_school(row.parent_id) for row in rows):
            raise Refused("unit.principal_in_post", unit=self._history.demand_last(school_id).code)

    def _is_school(self, unit_id: UUID | None) -> bool:
        rows = self._history.rows[unit_id] if unit_id else []
        return bool(rows) and rows[0].level is Level.SCHOOL
