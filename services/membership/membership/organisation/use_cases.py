"""Academies, Delegations, zones, levels; whatever is entered has its place in the history, for many at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import new_id
from shared.domain.policy import EVERYTHING, permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Invalid, Refused

from .model.history import History
from .model.levels import Level, LevelName
from .model.organisation import MINISTRY_ID, Academy, Delegation, School, Zone
from .model.standing import EVER, Standing
from .queries import academies, organisation, tree, zones

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


def place_units(session: Session, entered: Sequence[Entered], opened: Mapping[UUID, date | None] | None = None) -> None:
    """Call it after entering or correcting units of one level, whatever their number; `queries.hold_tree` before.

    What is new stands since the day on which it was `opened`, or ever since. Other names correct those that stand;
    another parent holds from today on. A satellite that comes before its main school waits for it.
    """
    session.flush()
    parents = _parents(session, entered)
    entered = [unit for unit in entered if unit.id in parents]
    _demand_past((opened or {}).values())
    rows = tree.standings(session, {*parents, *parents.values()})
    to_come = tree.still_to_come(session, {row.operation_id for row in rows if row.operation_id})
    places = _Places(parents, History.of(rows), to_come, tree.today())
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
    waiting = [school for school in organisation.schools_attached_to(session, mains) if school.id not in entered_ids]
    if waiting:
        place_units(session, waiting)


def _demand_past(opened: Iterable[date | None]) -> None:
    """What is to open later is opened by an operation."""
    late = [day for day in opened if day is not None and day > tree.today()]
    if late:
        raise Invalid("unit.opened_later", day=late[0])


def _parents(session: Session, entered: Iterable[Entered]) -> dict[UUID, UUID]:
    satellites = [unit for unit in entered if isinstance(unit, School) and not unit.is_main]
    mains = zones.school_ids(session, {school.main_code for school in satellites})
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
    if made and (taken := tree.codes_expected(session, {unit.code for unit in made}, made[0].level)):
        raise Refused("unit.code_taken", unit=taken[0].code)


def put_academy(
    session: Session, actor: Actor, code: str, *, opened_on: date | None = None, **names: Any
) -> tuple[Academy, bool]:
    """The academy, and whether it is new; the same code again corrects the names of the one that is there."""
    permit(session, actor, "put_academy", EVERYTHING)
    tree.hold_tree(session)
    known = academies.academy_by_code(session, code)
    demand_seen(session, known)
    academy = known or Academy.register(code=code, **names)
    academy.correct(**names)
    session.add(academy)
    place_units(session, [academy], {academy.id: opened_on})
    units.place(session, academy.id, None)
    return academy, known is None


def put_level(session: Session, actor: Actor, level: Level, **names: Any) -> LevelName:
    permit(session, actor, "put_level", EVERYTHING)
    name = zones.level_name(session, level)
    demand_seen(session, name)
    name.call(**names)
    session.add(name)
    return name


def put_zone(
    session: Session, actor: Actor, delegation_id: UUID, code: str, *, around_code: str | None, **entry: Any
) -> tuple[Zone, bool]:
    """The zone, and whether it is new. Corrected, it stays where it lies: only an operation moves a zone."""
    permit(session, actor, "put_zone", organisation.delegation(session, delegation_id))
    tree.hold_tree(session)
    opened_on: date | None = entry.pop("opened_on")
    known = zones.zone_by_code(session, code, delegation_id)
    demand_seen(session, known)
    around_id = zones.demand_zone(session, delegation_id, around_code)
    zone = known or Zone.register(delegation_id, code=code, around_id=around_id, **entry)
    zone.demand_around(around_id)
    zone.correct(**entry)
    session.add(zone)
    place_units(session, [zone], {zone.id: opened_on})
    units.place(session, zone.id, zone.parent_id)
    return zone, known is None
