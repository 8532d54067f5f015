"""Entering the organisation: Delegations one by one, schools and principals by file."""

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

from .row_rules import misattached, of_elsewhere, overruled, without_school
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
    attached = queries.schools_attached_to(session, sheet.all("code"))
    sheet.refuse([*of_elsewhere(sheet, known, delegation_id), *misattached(sheet, known, attached, delegation_id)])
    report = _merge(session, School, delegation_id, sheet, known, dry_run=dry_run)
    report.remarks.extend(overruled(sheet))
    return report


def import_principals(session: Session, actor: Actor, delegation_id: UUID, sheet: Sheet, *, dry_run: bool) -> Report:
    policy.permit(session, actor, "import_principals", queries.delegation(session, delegation_id))
    schools = queries.schools_by_code(session, sheet.all("school_code"))
    known = queries.principals_by_ppr(session, sheet.all("ppr"))
    sheet.refuse([*of_elsewhere(sheet, known, delegation_id), *without_school(sheet, schools, delegation_id)])
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
