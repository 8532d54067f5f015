"""Rows of a national list judged against what is known, and entered: made where they are new, else corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation, people
from membership.ground import Row, Sheet
from membership.organisation import School
from membership.organisation import place_units as stand
from membership.people import Principal, post
from shared.domain.refusals import Fault

from .row_rules import (
    appointed_otherwise,
    appointed_too_late,
    below_closed,
    misattached,
    of_elsewhere,
    opening_later,
    overruled,
    without_school,
    without_zone,
)

SINCE = {School: "opened_on", Principal: "posted_on"}  # the column that may say since when
Entered = School | Principal


@dataclass(frozen=True)
class Judged:
    """Rows of one Delegation beside what is known of them, and what is wrong with them."""

    kind: type[School] | type[Principal]
    delegation_id: UUID
    sheet: Sheet
    known: dict[str, Any]
    faults: list[Fault]
    remarks: list[Fault] = field(default_factory=list)


@dataclass
class Entering:
    """What became of the rows, and whom that concerns."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    entered: list[Any] = field(default_factory=list)
    touched_ids: list[UUID] = field(default_factory=list)

    def count(self, entry: Any, result: str) -> None:
        setattr(self, result, getattr(self, result) + 1)
        self.entered.append(entry)
        if result != "unchanged":
            self.touched_ids.append(entry.id)


def judge_schools(
    session: Session, delegation_id: UUID, sheet: Sheet, file: Mapping[str, str | None] | None = None
) -> Judged:
    known = organisation.schools_by_code(session, sheet.all("code") + sheet.all("main_code"))
    attached = organisation.schools_attached_to(session, sheet.all("code"))
    zones = organisation.zones_by_code(session, sheet.all("zone_code"))
    faults = [
        *of_elsewhere(sheet, known, delegation_id),
        *misattached(sheet, known, attached, delegation_id, file),
        *without_zone(sheet, zones, delegation_id),
        *below_closed(sheet, known),
        *opening_later(sheet, organisation.today()),
    ]
    for row in sheet.rows:
        place_in_zone(row, zones)
    return Judged(School, delegation_id, sheet, known, faults, [*overruled(sheet)])


def place_in_zone(row: Row, zones: Mapping[str, Any]) -> None:
    """The zone by its id; a list without such a column leaves it as it is."""
    if "zone_code" in row.entry:
        zone = zones.get(row.entry.pop("zone_code"))
        row.entry["zone_id"] = zone and zone.id


def judge_principals(
    session: Session, delegation_id: UUID, sheet: Sheet, _file: Mapping[str, str | None] | None = None
) -> Judged:
    schools = organisation.schools_by_code(session, sheet.all("school_code"))
    known = people.principals_by_ppr(session, sheet.all("ppr"))
    careers = people.careers(session, appointed_otherwise([sheet], known))
    faults = [
        *of_elsewhere(sheet, known, delegation_id),
        *without_school(sheet, schools, delegation_id),
        *appointed_too_late(sheet, known, careers),
    ]
    for row in (row for row in sheet.rows if row.entry.get("school_code") in schools):
        row.entry["cycle"] = schools[row.entry["school_code"]].cycle
    return Judged(Principal, delegation_id, sheet, known, faults)


def merge(session: Session, judged: Judged) -> Entering:
    """Create what is new, correct what differs, leave the rest; then the history: where each stands, since when.

    Call `queries.hold_tree` before, and `queries.hold_principals` of those who are known.
    """
    done, since = Entering(), SINCE[judged.kind]
    said = {row.entry[judged.sheet.key]: row.entry.pop(since, None) for row in judged.sheet.rows}
    for row in judged.sheet.rows:
        _merge_row(session, judged, row, done)
    days = {entry.id: said[getattr(entry, judged.sheet.key)] for entry in done.entered}
    if judged.kind is School:
        stand(session, [entry for entry in done.entered if isinstance(entry, School)], days)
    else:
        principals = [entry for entry in done.entered if isinstance(entry, Principal)]
        post(session, principals, {id: day for id, day in days.items() if day})
    return done


def _merge_row(session: Session, judged: Judged, row: Row, done: Entering) -> None:
    known = judged.known.get(row.entry[judged.sheet.key])
    if known is None:
        entry, result = judged.kind.register(judged.delegation_id, **row.entry), "created"
        session.add(entry)
    else:
        entry, result = known, "changed" if known.correct(**row.entry) else "unchanged"
    done.count(entry, result)
