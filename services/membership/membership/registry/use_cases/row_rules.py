"""What must hold of a row of schools or principals, in a file as in a single entry: each rule yields its faults."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from membership.ground import Sheet
from membership.organisation import School
from membership.people import Career, Principal
from shared.domain.refusals import Fault


def of_elsewhere(sheet: Sheet, known: dict[str, Any], delegation_id: UUID) -> Iterator[Fault]:
    taken = {code for code, entry in known.items() if entry.delegation_id != delegation_id}
    for row in sheet.rows:
        if row.entry.get(sheet.key) in taken:
            yield sheet.fault(row, sheet.key, "import.of_elsewhere")


def misattached(
    sheet: Sheet,
    known: dict[str, School],
    attached: Iterable[School],
    delegation_id: UUID,
    file: Mapping[str, str | None] | None = None,
) -> Iterator[Fault]:
    """A satellite names a main school of its Delegation: now, and after the file has moved what it moves.

    `attached` are the schools that name one of the sheet's as their main school; `file` says of each school in all of
    the file which main school it names, where the sheet is but a part of it.
    """
    attached = list(attached)
    stated = _attachments(sheet, known, attached, stated_in(sheet) if file is None else file)
    moved = {code for code, main_code in stated.items() if code in known and known[code].is_main and code != main_code}
    yield from _without_main_school(sheet, stated, known, delegation_id)
    yield from _leaving_satellites(sheet, stated, [school for school in attached if school.main_code in moved])


def _without_main_school(
    sheet: Sheet, stated: dict[str, str], known: dict[str, School], delegation_id: UUID
) -> Iterator[Fault]:
    here = {code for code, school in known.items() if school.is_main and school.delegation_id == delegation_id}
    main = here - stated.keys() | {code for code, main_code in stated.items() if code == main_code}
    for row in sheet.rows:
        if row.entry.get("main_code") and row.entry["main_code"] not in main:
            yield sheet.fault(row, "main_code", "import.no_main_school")


def _leaving_satellites(sheet: Sheet, stated: dict[str, str], attached: list[School]) -> Iterator[Fault]:
    needed = {school.main_code for school in attached if school.code not in stated}
    for row in sheet.rows:
        if row.entry.get("code") in needed:
            yield sheet.fault(row, "main_code", "import.has_satellites")


def stated_in(sheet: Sheet) -> dict[str, str | None]:
    """The main school that each school in the sheet names; None where it does not say."""
    return {row.entry["code"]: row.entry.get("main_code") for row in sheet.rows if "code" in row.entry}


def _attachments(
    sheet: Sheet, known: dict[str, School], attached: Iterable[School], file: Mapping[str, str | None]
) -> dict[str, str]:
    """The main school of each school in the file that concerns the sheet; where it does not say, as it is."""
    near = {*sheet.all("code"), *sheet.all("main_code"), *(school.code for school in attached)} & file.keys()
    before = {code: known[code].main_code if code in known else code for code in near}
    return {code: file[code] or before[code] for code in near}


def without_zone(sheet: Sheet, zones: Mapping[str, Any], delegation_id: UUID) -> Iterator[Fault]:
    here = {code for code, zone in zones.items() if zone.delegation_id == delegation_id and not zone.closed_on}
    for row in sheet.rows:
        if row.entry.get("zone_code") and row.entry["zone_code"] not in here:
            yield sheet.fault(row, "zone_code", "import.no_zone_here")


def without_school(sheet: Sheet, schools: dict[str, School], delegation_id: UUID) -> Iterator[Fault]:
    """Nobody heads a school of elsewhere, a satellite, or one that is closed."""
    main = {code for code, school in schools.items() if school.is_main and school.delegation_id == delegation_id}
    for row in sheet.rows:
        code = row.entry.get("school_code")
        if code is not None and code not in main:
            yield sheet.fault(row, "school_code", "import.no_school_here")
        elif code is not None and schools[code].closed_on:
            yield sheet.fault(row, "school_code", "import.is_closed")


def below_closed(sheet: Sheet, known: Mapping[str, School]) -> Iterator[Fault]:
    """A school that was attached to one which has closed may stay in the lists; no other comes to it."""
    for row in sheet.rows:
        main, school = known.get(row.entry.get("main_code", "")), known.get(row.entry.get("code", ""))
        if main is None or main is school or not main.closed_on:
            continue
        if school is None or school.main_code != main.code:
            yield sheet.fault(row, "main_code", "import.is_closed")


def opening_later(sheet: Sheet, today: date) -> Iterator[Fault]:
    """What is to open later is opened by an operation, or entered on its day."""
    for row in sheet.rows:
        if (row.entry.get("opened_on") or today) > today:
            yield sheet.fault(row, "opened_on", "import.opened_later")


def appointed_too_late(sheet: Sheet, known: Mapping[str, Principal], careers: Mapping[UUID, Career]) -> Iterator[Fault]:
    """A corrected appointment comes before the end of their first post. `careers`: of those whom it is corrected of."""
    for row in sheet.rows:
        person, day = known.get(row.entry.get("ppr", "")), row.entry.get("appointed_on")
        if person and day and person.id in careers and careers[person.id].has_ended_first_by(day):
            ended = careers[person.id].first.ends_on
            since = ended.isoformat() if ended else ""
            yield sheet.fault(row, "appointed_on", "import.appointed_too_late", since=since)


def appointed_otherwise(sheets: Iterable[Sheet], known: Mapping[str, Principal]) -> list[UUID]:
    """Whose day of appointment the sheets correct."""
    rows = [row.entry for sheet in sheets for row in sheet.rows if row.entry.get("ppr") in known]
    told = {known[entry["ppr"]]: entry.get("appointed_on") for entry in rows}
    return [person.id for person, day in told.items() if day and day != person.appointed_on]


def overruled(sheet: Sheet) -> Iterator[Fault]:
    for row in sheet.rows:
        attached_to = (row.cells.get("main_code") or "").strip().upper()
        if attached_to not in ("", row.entry.get("main_code")):
            yield sheet.fault(row, "main_code", "import.taken_as_main")
