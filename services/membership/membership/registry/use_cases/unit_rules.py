"""A list of academies, Delegations and zones beside those that are known: what each lies in, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from membership.ground import Row, Sheet
from membership.moves import DEEPEST
from membership.organisation import Academy, Delegation, Level, Zone
from shared.domain.refusals import Fault

from .row_rules import opening_later

DEEPEST_ZONE = DEEPEST - 3  # units above it; a school and its satellite find their places below the deepest
LevelCode = tuple[Level, str]
Listed = Academy | Delegation | Zone


@dataclass(frozen=True)
class UnitList:
    """Parents may stand anywhere in the file. `home`: the Delegation whose zones alone are listed, if it is one's own.

    `depths`: of the zones that are known, how many units lie above each. What is entered is `known` from then on.
    """

    sheet: Sheet
    known: dict[LevelCode, Listed]
    depths: Mapping[UUID, int]
    home: Delegation | None

    @cached_property
    def rows(self) -> dict[LevelCode, Row]:
        """Those of which level and code can be read."""
        return {row.entry["unit"]: row for row in self.sheet.rows if "unit" in row.entry}

    @cached_property
    def unclear_codes(self) -> set[str]:
        """Of rows whose level cannot be read: what lies in them is not to blame."""
        return {(row.cells.get("code") or "").strip().upper() for row in self.sheet.rows if "unit" not in row.entry}

    @cached_property
    def new(self) -> frozenset[LevelCode]:
        return frozenset(self.rows.keys() - self.known.keys())

    def lies_in(self, row: Row) -> LevelCode | None:
        """As the file says; None where it does not say it, or nothing of that kind can be found, or more than one."""
        found = self.candidates(row)
        return found[0] if len(found) == 1 else None

    def candidates(self, row: Row) -> list[LevelCode]:
        return [key for key in self._named(row) if key in self.new or self._is_open_here(key)]

    def _named(self, row: Row) -> list[LevelCode]:
        level, code = row.entry["level"], row.entry.get("parent_code")
        if level is Level.ZONE and code is None and self.home is not None and row.entry["unit"] in self.new:
            return [(Level.DELEGATION, self.home.code)]
        if code is None or level is Level.ACADEMY:
            return []
        return (
            [(Level.ACADEMY, code)]
            if level is Level.DELEGATION
            else [(Level.DELEGATION, code), (Level.ZONE, code.upper())]
        )

    def _is_open_here(self, key: LevelCode) -> bool:
        unit = self.known.get(key)
        if unit is None or unit.closed_on is not None:
            return False
        return self.home is None or (unit.delegation_id if isinstance(unit, Zone) else unit.id) == self.home.id

    @cached_property
    def new_zones(self) -> list[list[LevelCode]]:
        """Each after what it lies in; those that lie too deep, or in a circle, never come."""
        waiting = {key for key in self.new if key[0] is Level.ZONE}
        depths = {key: self.depths.get(unit.id, 2) for key, unit in self.known.items()}
        order: list[list[LevelCode]] = []
        while ready := self._ready(waiting, depths):
            depths |= ready
            waiting -= ready.keys()
            order.append([key for key in self.rows if key in ready])
        return order

    @cached_property
    def _placed(self) -> frozenset[LevelCode]:
        return frozenset(key for generation in self.new_zones for key in generation)

    def _ready(self, waiting: set[LevelCode], depths: Mapping[LevelCode, int]) -> dict[LevelCode, int]:
        parents = {key: self.lies_in(self.rows[key]) for key in waiting}
        below = {key: depths.get(parent, 2) + 1 for key, parent in parents.items() if parent and parent not in waiting}
        return {key: depth for key, depth in below.items() if depth <= DEEPEST_ZONE}

    def is_led_astray(self, key: LevelCode | None) -> bool:
        """Does the way up from it never end, or only after too many steps? What is unknown on it is told elsewhere."""
        if key in self._placed:
            return False
        for _ in range(DEEPEST):
            key = self.lies_in(self.rows[key]) if key in self.new and key[0] is Level.ZONE else key
        return key is not None


def wrong_units(units: UnitList, expected: set[LevelCode], today: date) -> Iterator[Fault]:
    for key, row in units.rows.items():
        yield from _misplaced(units, key, row)
        if key in units.new and key in expected:
            yield units.sheet.fault(row, "code", "import.code_expected")
        if key in units.new and key[0] is Level.ZONE and units.is_led_astray(key):
            yield units.sheet.fault(row, "parent_code", "import.circle_or_too_deep", levels=DEEPEST)
    yield from opening_later(units.sheet, today)


def _misplaced(units: UnitList, key: LevelCode, row: Row) -> Iterator[Fault]:
    if units.home is not None and key[0] is not Level.ZONE:
        yield units.sheet.fault(row, "level", "import.only_zones_here")
    elif units.home is not None and _is_elsewhere(units.known.get(key), units.home):
        yield units.sheet.fault(row, "code", "import.of_elsewhere")
    elif code := _wrong_parent(units, key, row):
        yield units.sheet.fault(row, "parent_code", code)


def _is_elsewhere(known: Listed | None, home: Delegation) -> bool:
    return isinstance(known, Zone) and known.delegation_id != home.id


def _wrong_parent(units: UnitList, key: LevelCode, row: Row) -> str | None:
    """The reason, if there is one."""
    stated, found = row.entry.get("parent_code"), units.candidates(row)
    if stated is not None and not found:
        return None if stated.upper() in units.unclear_codes else "import.no_parent"
    if len(found) > 1:
        return "import.parent_ambiguous"
    if key[0] is not Level.ZONE or _is_unreadable(row):
        return None
    if key in units.new:
        return None if found else "import.no_parent"
    return "import.moves_by_operation" if stated is not None and _moves(units, key, found[0]) else None


def _is_unreadable(row: Row) -> bool:
    """Something stands there that is told as wrong already."""
    return bool(row.cells.get("parent_code")) and "parent_code" not in row.entry


def _moves(units: UnitList, key: LevelCode, parent: LevelCode) -> bool:
    zone = units.known[key]
    return parent in units.new or not isinstance(zone, Zone) or units.known[parent].id != zone.parent_id
