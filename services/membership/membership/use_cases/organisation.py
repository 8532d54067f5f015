"""Entering the organisation: Delegations one by one, schools and principals by file."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Delegation, Principal, School
from shared.domain.actor import Actor, permit
from shared.domain.refusals import Fault, Invalid

OFFICE_ONLY = "Only the Delegation itself and the Ministry may do this."


@dataclass
class Report:
    """What an import did, or would do."""

    rows: int
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    dry_run: bool = False

    def count(self, what: str) -> None:
        setattr(self, what, getattr(self, what) + 1)


def register_delegation(session: Session, actor: Actor, *, code: str, name_fr: str, name_ar: str) -> Delegation:
    permit(actor.administers(), "Only the Ministry enters Delegations.")
    known = queries.delegation_by_code(session, code)
    delegation = known or Delegation.register(code=code, name_fr=name_fr, name_ar=name_ar)
    delegation.correct(name_fr=name_fr, name_ar=name_ar)
    session.add(delegation)
    return delegation


def import_schools(
    session: Session, actor: Actor, delegation_id: UUID, rows: list[dict[str, Any]], *, dry_run: bool
) -> Report:
    permit(actor.works_for(delegation_id), OFFICE_ONLY)
    queries.demand_delegation(session, delegation_id)
    known = queries.schools_by_code(session, [row["code"] for row in rows] + [row["main_code"] for row in rows])
    _refuse(_of_elsewhere(rows, known, "code", delegation_id) + _without_main_school(rows, known))
    return _merge(session, School, delegation_id, rows, known, key="code", dry_run=dry_run)


def import_principals(
    session: Session, actor: Actor, delegation_id: UUID, rows: list[dict[str, Any]], *, dry_run: bool
) -> Report:
    permit(actor.works_for(delegation_id), OFFICE_ONLY)
    queries.demand_delegation(session, delegation_id)
    schools = queries.schools_by_code(session, [row["school_code"] for row in rows])
    known = queries.principals_by_ppr(session, [row["ppr"] for row in rows])
    _refuse(_of_elsewhere(rows, known, "ppr", delegation_id) + _without_school(rows, schools, delegation_id))
    rows = [{**row, "cycle": schools[row["school_code"]].cycle} for row in rows]
    return _merge(session, Principal, delegation_id, rows, known, key="ppr", dry_run=dry_run)


def _merge(
    session: Session,
    kind: type[School] | type[Principal],
    delegation_id: UUID,
    rows: list[dict[str, Any]],
    known: dict[str, Any],
    *,
    key: str,
    dry_run: bool,
) -> Report:
    """Create what is new, correct what differs, leave the rest. A dry run does the same and takes it back."""
    report = Report(rows=len(rows), dry_run=dry_run)
    with session.begin_nested() as trial:
        for row in rows:
            _merge_row(session, kind, delegation_id, row, known.get(row[key]), report)
        if dry_run:
            trial.rollback()
    return report


def _merge_row(
    session: Session, kind: Any, delegation_id: UUID, row: dict[str, Any], known: Any, report: Report
) -> None:
    entry = {name: value for name, value in row.items() if name != "line"}
    if known is None:
        session.add(kind.register(delegation_id, **entry))
        report.count("created")
    else:
        report.count("changed" if known.correct(**entry) else "unchanged")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid("import.rows_wrong", f"{len(faults)} faults in the file; nothing was imported.", faults)


def _of_elsewhere(rows: list[dict], known: dict[str, Any], key: str, delegation_id: UUID) -> list[Fault]:
    reason = "belongs to another Delegation"
    taken = {code for code, entry in known.items() if entry.delegation_id != delegation_id}
    return [_fault(row, key, reason) for row in rows if row[key] in taken]


def _without_main_school(rows: list[dict], known: dict[str, School]) -> list[Fault]:
    main = {code for code, school in known.items() if school.is_main} | {
        row["code"] for row in rows if row["code"] == row["main_code"]
    }
    reason = "is no main school, neither in the file nor in what was imported before"
    return [_fault(row, "main_code", reason) for row in rows if row["main_code"] not in main]


def _without_school(rows: list[dict], schools: dict[str, School], delegation_id: UUID) -> list[Fault]:
    main = {code for code, school in schools.items() if school.is_main and school.delegation_id == delegation_id}
    reason = "is no main school of this Delegation"
    return [_fault(row, "school_code", reason) for row in rows if row["school_code"] not in main]


def _fault(row: dict[str, Any], field: str, reason: str) -> Fault:
    return Fault(line=row["line"], field=field, value=row[field], reason=reason)
