"""Entering one Delegation or one school by its national code: made if it is not there yet, else corrected."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from membership.ground import Row, Sheet
from membership.organisation import Delegation, School
from membership.organisation import place_units as stand
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import EVERYTHING, permit
from shared.domain.preconditions import demand_seen

from .merging import place_in_zone
from .row_rules import misattached, of_elsewhere, without_zone


def put_delegation(
    session: Session, actor: Actor, code: str, *, opened_on: date | None = None, **entry: Any
) -> tuple[Delegation, bool]:
    """The Delegation, and whether it is new."""
    permit(session, actor, "put_delegation", EVERYTHING)
    organisation.hold_tree(session)
    known = organisation.delegation_by_code(session, code)
    demand_seen(session, known)
    organisation.demand_academy(session, entry["academy_id"])
    delegation = known or Delegation.register(code=code, **entry)
    delegation.correct(**entry)
    session.add(delegation)
    stand(session, [delegation], {delegation.id: opened_on})
    units.place(session, delegation.id, delegation.academy_id)
    return delegation, known is None


def put_school(
    session: Session, actor: Actor, delegation_id: UUID, code: str, *, opened_on: date | None = None, **entry: Any
) -> tuple[School, bool]:
    """The school, and whether it is new."""
    permit(session, actor, "put_school", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    row = Row(1, entry, {"code": code, **entry, "main_code": entry["main_code"] or code})
    known = organisation.schools_by_code(session, [code, row.entry["main_code"]])
    _refuse_misplaced(session, row, known, delegation_id)
    demand_seen(session, known.get(code))
    school = known.get(code) or School.register(delegation_id, **row.entry)
    school.correct(**row.entry)
    session.add(school)
    stand(session, [school], {school.id: opened_on})
    return school, code not in known


def _refuse_misplaced(session: Session, row: Row, known: dict[str, School], delegation_id: UUID) -> None:
    sheet = Sheet("code", {}, [row])
    attached = organisation.schools_attached_to(session, sheet.all("code"))
    zones = organisation.zones_by_code(session, sheet.all("zone_code"))
    faults = [*of_elsewhere(sheet, known, delegation_id), *misattached(sheet, known, attached, delegation_id)]
    sheet.refuse([*faults, *without_zone(sheet, zones, delegation_id)])
    place_in_zone(row, zones)
