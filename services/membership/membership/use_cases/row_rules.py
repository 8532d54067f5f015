"""What must hold of a row of schools or principals, in a file as in a single entry: each rule yields its faults."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from membership.model import School
from shared.domain.refusals import Fault

from .sheets import Sheet


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
    main = {code for code, school in schools.items() if school.is_main and school.delegation_id == delegation_id}
    for row in sheet.rows:
        if "school_code" in row.entry and row.entry["school_code"] not in main:
            yield sheet.fault(row, "school_code", "import.no_school_here")


def overruled(sheet: Sheet) -> Iterator[Fault]:
    for row in sheet.rows:
        attached_to = (row.cells.get("main_code") or "").strip().upper()
        if attached_to not in ("", row.entry.get("main_code")):
            yield sheet.fault(row, "main_code", "import.taken_as_main")
