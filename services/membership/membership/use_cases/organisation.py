"""Entering the organisation: Delegations one by one, schools and principals by file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Delegation, Principal, School
from membership.policy import policy
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import EVERYTHING
from shared.domain.refusals import Fault

from .sheets import Row, Sheet


@dataclass
class Report:
    """What an import did, or would do."""

    rows: int
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    dry_run: bool = False
    remarks: list[Fault] = field(default_factory=list)
    imported_ids: list[UUID] = field(default_factory=list)

    def count(self, what: str) -> None:
        setattr(self, what, getattr(self, what) + 1)


def register_delegation(session: Session, actor: Actor, *, code: str, **entry: Any) -> Delegation:
    policy.permit(session, actor, "register_delegation", EVERYTHING)
    queries.demand_academy(session, entry["academy_id"])
    delegation = queries.delegation_by_code(session, code) or Delegation.register(code=code, **entry)
    delegation.correct(**entry)
    session.add(delegation)
    units.place(session, delegation.id, delegation.academy_id)
    return delegation


def import_schools(session: Session, actor: Actor, delegation_id: UUID, sheet: Sheet, *, dry_run: bool) -> Report:
    policy.permit(session, actor, "import_schools", queries.delegation(session, delegation_id))
    known = queries.schools_by_code(session, sheet.all("code") + sheet.all("main_code"))
    sheet.refuse([*_of_elsewhere(sheet, known, delegation_id), *_misattached(session, sheet, known, delegation_id)])
    report = _merge(session, School, delegation_id, sheet, known, dry_run=dry_run)
    report.remarks.extend(_overruled(sheet))
    return report


def import_principals(session: Session, actor: Actor, delegation_id: UUID, sheet: Sheet, *, dry_run: bool) -> Report:
    policy.permit(session, actor, "import_principals", queries.delegation(session, delegation_id))
    schools = queries.schools_by_code(session, sheet.all("school_code"))
    known = queries.principals_by_ppr(session, sheet.all("ppr"))
    sheet.refuse([*_of_elsewhere(sheet, known, delegation_id), *_without_school(sheet, schools, delegation_id)])
    for row in sheet.rows:
        row.entry["cycle"] = schools[row.entry["school_code"]].cycle
    return _merge(session, Principal, delegation_id, sheet, known, dry_run=dry_run)


def _merge(
    session: Session,
    kind: type[School] | type[Principal],
    delegation_id: UUID,
    sheet: Sheet,
    known: dict[str, Any],
    *,
    dry_run: bool,
) -> Report:
    """Create what is new, correct what differs, leave the rest. A dry run does the same and takes it back."""
    report = Report(rows=len(sheet.rows), dry_run=dry_run)
    with session.begin_nested() as trial:
        for row in sheet.rows:
            _merge_row(session, kind, delegation_id, row, known.get(row.entry[sheet.key]), report)
        if dry_run:
            trial.rollback()
            report.imported_ids.clear()
    return report


def _merge_row(session: Session, kind: Any, delegation_id: UUID, row: Row, known: Any, report: Report) -> None:
    entry = known or kind.register(delegation_id, **row.entry)
    if known is None:
        session.add(entry)
        report.count("created")
    else:
        report.count("changed" if known.correct(**row.entry) else "unchanged")
    report.imported_ids.append(entry.id)


def _of_elsewhere(sheet: Sheet, known: dict[str, Any], delegation_id: UUID) -> Iterator[Fault]:
    taken = {code for code, entry in known.items() if entry.delegation_id != delegation_id}
    for row in sheet.rows:
        if row.entry.get(sheet.key) in taken:
            yield sheet.fault(row, sheet.key, "import.of_elsewhere")


def _misattached(session: Session, sheet: Sheet, known: dict[str, School], delegation_id: UUID) -> Iterator[Fault]:
    """A satellite names a main school of its Delegation: now, and after the file has moved what it moves."""
    stated = _attachments(sheet, known)
    moved = [code for code, main_code in stated.items() if code in known and known[code].is_main and code != main_code]
    yield from _without_main_school(sheet, stated, known, delegation_id)
    yield from _leaving_satellites(sheet, stated, queries.schools_attached_to(session, moved))


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


def _attachments(sheet: Sheet, known: dict[str, School]) -> dict[str, str]:
    """The main school of each school in the file, as it will be; where the file does not say, as it is."""
    codes = {row.entry["code"]: row.entry for row in sheet.rows if "code" in row.entry}
    before = {code: known[code].main_code if code in known else code for code in codes}
    return {code: entry.get("main_code") or before[code] for code, entry in codes.items()}


def _without_school(sheet: Sheet, schools: dict[str, School], delegation_id: UUID) -> Iterator[Fault]:
    main = {code for code, school in schools.items() if school.is_main and school.delegation_id == delegation_id}
    for row in sheet.rows:
        if "school_code" in row.entry and row.entry["school_code"] not in main:
            yield sheet.fault(row, "school_code", "import.no_school_here")


def _overruled(sheet: Sheet) -> Iterator[Fault]:
    for row in sheet.rows:
        attached_to = (row.cells.get("main_code") or "").strip().upper()
        if attached_to not in ("", row.entry.get("main_code")):
            yield sheet.fault(row, "main_code", "import.taken_as_main")
