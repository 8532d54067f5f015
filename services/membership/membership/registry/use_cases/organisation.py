"""Entering the organisation: Delegations one by one, schools and principals by file."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation, people
from membership.ground import Sheet
from membership.organisation import Delegation
from membership.organisation import place_units as stand
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import Fault

from .merging import Judged, judge_principals, judge_schools, merge


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


def register_delegation(session: Session, actor: Actor, *, code: str, **entry: Any) -> Delegation:
    permit(session, actor, "register_delegation", EVERYTHING)
    organisation.hold_tree(session)
    organisation.demand_academy(session, entry["academy_id"])
    delegation = organisation.delegation_by_code(session, code) or Delegation.register(code=code, **entry)
    delegation.correct(**entry)
    session.add(delegation)
    stand(session, [delegation])
    units.place(session, delegation.id, delegation.academy_id)
    return delegation


def import_schools(session: Session, actor: Actor, delegation_id: UUID, sheet: Sheet, *, dry_run: bool) -> Report:
    permit(session, actor, "import_schools", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    return _enter(session, judge_schools(session, delegation_id, sheet), dry_run=dry_run)


def import_principals(session: Session, actor: Actor, delegation_id: UUID, sheet: Sheet, *, dry_run: bool) -> Report:
    permit(session, actor, "import_principals", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    judged = judge_principals(session, delegation_id, sheet)
    people.hold_principals(session, [principal.id for principal in judged.known.values()])
    return _enter(session, judged, dry_run=dry_run)


def _enter(session: Session, judged: Judged, *, dry_run: bool) -> Report:
    """All rows or none. A dry run does the same and takes it back."""
    judged.sheet.refuse(judged.faults)
    with session.begin_nested() as trial:
        done = merge(session, judged)
        if dry_run:
            trial.rollback()
    ids = [] if dry_run else [entry.id for entry in done.entered]
    counts = {"created": done.created, "changed": done.changed, "unchanged": done.unchanged}
    return Report(len(judged.sheet.rows), **counts, dry_run=dry_run, remarks=judged.remarks, imported_ids=ids)
