"""Lists of academies, Delegations and zones: the whole file looked at together, and entered from the top."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from membership.ground import Row, Sheet
from membership.organisation import Academy, Delegation, Level, Zone, ZoneKind
from membership.organisation import place_units as stand
from shared.domain import units as reach
from shared.domain.refusals import Fault

from .merging import Entering
from .unit_rules import LevelCode, Listed, UnitList, wrong_units


@dataclass(frozen=True)
class JudgedUnits:
    """All units of a file beside what is known of them, and what is wrong with them."""

    units: UnitList
    faults: list[Fault]
    remarks: list[Fault] = field(default_factory=list)
    known: Mapping[str, Any] = field(default_factory=dict)


def judge_units(session: Session, delegation_id: UUID | None, sheet: Sheet, _file: object = None) -> JudgedUnits:
    """`delegation_id`: whose zones alone may be listed."""
    home = organisation.delegation(session, delegation_id) if delegation_id else None
    named = [*sheet.all("code"), *sheet.all("parent_code"), *([home.code] if home else [])]
    known = organisation.units_by_code(session, {*named, *(code.upper() for code in named)})
    zones = [unit.id for unit in known.values() if isinstance(unit, Zone)]
    units = UnitList(sheet, known, organisation.depths(session, zones), home)
    expected = organisation.level_codes_expected(session, units.new)
    return JudgedUnits(units, [*wrong_units(units, expected, organisation.today())])


def enter_units(session: Session, judged: JudgedUnits) -> Entering:
    """Call `queries.hold_tree` before. What lies in something comes after it."""
    units, done = judged.units, Entering()
    new_zones = units.new_zones
    for level in (Level.ACADEMY, Level.DELEGATION):
        _enter(session, units, [key for key in units.rows if key[0] is level], done)
    _enter(session, units, [key for key in units.rows if key[0] is Level.ZONE and key not in units.new], done)
    for zones in new_zones:
        _enter(session, units, zones, done)
    return done


def _enter(session: Session, units: UnitList, keys: Iterable[LevelCode], done: Entering) -> None:
    """Units of one level, of which none lies in another that is new."""
    entered, days = [], {}
    for key in keys:
        row = units.rows[key]
        unit, result = _entered(units, key, row)
        days[unit.id] = row.entry.get("opened_on")
        done.count(unit, result)
        entered.append(unit)
    session.add_all(entered)
    stand(session, entered, days)
    reach.place_all(session, {unit.id: _parent_id(unit) for unit in entered if unit.closed_on is None})


def _entered(units: UnitList, key: LevelCode, row: Row) -> tuple[Listed, str]:
    entry = {name: row.entry[name] for name in ("name_fr", "name_ar")} | _more(units, key, row)
    if key in units.known:
        unit = units.known[key]
        return unit, "changed" if unit.correct(**entry) else "unchanged"
    unit = units.known[key] = _registered(units, key, row, entry)
    return unit, "created"


def _more(units: UnitList, key: LevelCode, row: Row) -> dict[str, Any]:
    """What only this level has; a list without such a column leaves it as it is."""
    if key[0] is Level.DELEGATION and "parent_code" in row.entry:
        return {"academy_id": _found(units, row).id if row.entry["parent_code"] else None}
    return {"kind": row.entry["zone_kind"]} if key[0] is Level.ZONE and row.entry.get("zone_kind") else {}


def _registered(units: UnitList, key: LevelCode, row: Row, entry: dict[str, Any]) -> Listed:
    level, code = key
    if level is not Level.ZONE:
        return (Academy if level is Level.ACADEMY else Delegation).register(code=code, **entry)
    parent, kind = _found(units, row), {"kind": ZoneKind.PEDAGOGICAL_ZONE}
    if isinstance(parent, Zone):
        return Zone.register(parent.delegation_id, code=code, around_id=parent.id, **kind | entry)
    return Zone.register(parent.id, code=code, around_id=None, **kind | entry)


def _found(units: UnitList, row: Row) -> Listed:
    key = units.lies_in(row)
    if key is None:
        raise LookupError("a unit whose place was judged lies nowhere")
    return units.known[key]


def _parent_id(unit: Listed) -> UUID | None:
    if isinstance(unit, Academy):
        return None
    return unit.academy_id if isinstance(unit, Delegation) else unit.parent_id
