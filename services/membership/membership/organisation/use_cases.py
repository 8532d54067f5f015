"""Whatever is entered or corrected has its place in the history: for many units at once, in a few questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from membership import queries
from membership.model import EVER, MINISTRY_ID, Academy, Delegation, School, Standing, Zone
from membership.model.history import History
from shared.domain.database import new_id
from shared.domain.refusals import Invalid, Refused

Entered = Academy | Delegation | Zone | School


@dataclass
class _Places:
    """Where each unit lies as its entry says, and the history of the units and of what they lie in."""

    parents: Mapping[UUID, UUID]
    history: History
    to_come: Collection[UUID]  # operations of which the entries do not know yet
    today: date
    rows: list[dict[str, Any]] = field(default_factory=list)

    def write(self, unit: Entered, opened_on: date | None) -> None:
        last = self.history.last(unit.id)
        if last is None:
            self._begin(unit, self._first_day(unit, opened_on), None)
            return
        stands = self.history.at(unit.id, self.today) or last
        if stands.operation_id in self.to_come:
            return  # due today: the entry is about to follow the history, and not the other way round
        self.history.correct_names(stands, name_fr=unit.name_fr, name_ar=unit.name_ar)
        if stands.parent_id != self.parents[unit.id] and stands.holds_on(self.today):
            self._place_elsewhere(unit, stands)

    def _place_elsewhere(self, unit: Entered, stands: Standing) -> None:
        """A list that knows no date: from today on."""
        self._demand_open(unit)
        self.history.correct_place_after(stands, self.parents[unit.id])
        if stands.starts_on == self.today:
            stands.place(self.parents[unit.id])
        else:
            self._begin(unit, self.today, stands.ends_on)
            stands.end(self.today)

    def _begin(self, unit: Entered, starts_on: date, ends_on: date | None) -> None:
        self._demand_open(unit)
        named = {"code": unit.code, "name_fr": unit.name_fr, "name_ar": unit.name_ar}
        stands = {"level": unit.level, "parent_id": self.parents[unit.id], "starts_on": starts_on, "ends_on": ends_on}
        self.rows.append({"id": new_id(), "unit_id": unit.id, **stands, **named})

    def _first_day(self, unit: Entered, opened_on: date | None) -> date:
        """Nothing is older than what it lies in, as far as that is known."""
        above = self.history.rows[self.parents[unit.id]]
        return max(opened_on or EVER, above[0].starts_on if above else EVER)

    def _demand_open(self, unit: Entered) -> None:
        above = self.history.last(self.parents[unit.id])
        if above is not None and above.ends_on is not None:
            raise Refused("unit.parent_closed", unit=unit.code, parent=above.code, day=above.ends_on)


def stand(session: Session, entered: Sequence[Entered], opened: Mapping[UUID, date | None] | None = None) -> None:
    """Call it after entering or correcting units of one level, whatever their number; `queries.hold_tree` before.

    What is new stands since the day on which it was `opened`, or ever since. Other names correct those that stand;
    another parent holds from today on. A satellite that comes before its main school waits for it.
    """
    session.flush()
    parents = _parents(session, entered)
    entered = [unit for unit in entered if unit.id in parents]
    _demand_past((opened or {}).values())
    rows = queries.standings(session, {*parents, *parents.values()})
    to_come = queries.still_to_come(session, {row.operation_id for row in rows if row.operation_id})
    places = _Places(parents, History.of(rows), to_come, queries.today())
    _demand_free(session, [unit for unit in entered if not places.history.rows[unit.id]])
    for unit in entered:
        places.write(unit, (opened or {}).get(unit.id))
    session.flush()
    if places.rows:
        session.execute(insert(Standing), places.rows)
        _stand_waiting(session, {row["unit_id"] for row in places.rows}, entered)


def _stand_waiting(session: Session, written: set[UUID], entered: Sequence[Entered]) -> None:
    mains = [unit.code for unit in entered if isinstance(unit, School) and unit.is_main and unit.id in written]
    entered_ids = {unit.id for unit in entered}
    waiting = [school for school in queries.schools_attached_to(session, mains) if school.id not in entered_ids]
    if waiting:
        stand(session, waiting)


def _demand_past(opened: Iterable[date | None]) -> None:
    """What is to open later is opened by an operation."""
    late = [day for day in opened if day is not None and day > queries.today()]
    if late:
        raise Invalid("unit.opened_later", day=late[0])


def _parents(session: Session, entered: Iterable[Entered]) -> dict[UUID, UUID]:
    satellites = [unit for unit in entered if isinstance(unit, School) and not unit.is_main]
    mains = queries.school_ids(session, {school.main_code for school in satellites})
    attached = {school.id: mains.get(school.main_code) for school in satellites}
    parents = {unit.id: attached[unit.id] if unit.id in attached else _parent_of(unit) for unit in entered}
    return {unit_id: parent_id for unit_id, parent_id in parents.items() if parent_id is not None}


def _parent_of(unit: Entered) -> UUID:
    if isinstance(unit, Academy):
        return MINISTRY_ID
    if isinstance(unit, Delegation):
        return unit.academy_id or MINISTRY_ID
    return unit.parent_id if isinstance(unit, Zone) else unit.zone_id or unit.delegation_id


def _demand_free(session: Session, made: Sequence[Entered]) -> None:
    """A code may be that of a unit which an operation opens later."""
    if made and (taken := queries.codes_expected(session, {unit.code for unit in made}, made[0].level)):
        raise Refused("unit.code_taken", unit=taken[0].code)
