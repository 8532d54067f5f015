"""Officers and companions: entered with their addresses, so that they can be written to."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Companion, Officer
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import NotFound
from shared.domain.seen import demand_seen
from shared.messaging import erasure


def appoint_officer(
    session: Session, actor: Actor, unit_id: UUID, officer_id: UUID, **entry: Any
) -> tuple[Officer, bool]:
    """The officer, and whether they are new there; whoever was withdrawn comes back with what is told now."""
    office = permit(session, actor, "appoint_officer", queries.office(session, unit_id))
    known = queries.officer(session, unit_id, officer_id)
    demand_seen(session, known if known and known.is_in_office else None)
    if known is None:
        known = Officer.appoint(office.id, office.level, officer_id, **entry)
        session.add(known)
        return known, True
    return known, known.enter(**entry)


def withdraw_officer(session: Session, actor: Actor, unit_id: UUID, officer_id: UUID) -> Officer:
    """Withdrawn already, nothing changes: safe to repeat."""
    permit(session, actor, "withdraw_officer", queries.office(session, unit_id))
    officer = queries.officer(session, unit_id, officer_id)
    if officer is None:
        raise NotFound("officer.not_found")
    if officer.is_in_office:
        officer.withdraw(today=datetime.now(UTC).date())
        session.flush()
        _forget(session, officer_id)
    return officer


def _forget(session: Session, officer_id: UUID) -> None:
    """What was told of them is blank as well, unless they still act for another unit."""
    if not queries.is_in_any_office(session, officer_id):
        erasure.blank_told(session, officer_id)


def register_companion(session: Session, actor: Actor, companion_id: UUID, **entry: Any) -> tuple[Companion, bool]:
    """The companion, and whether they are new; both the unit that entered them and the new one must be in reach."""
    known = queries.companion(session, companion_id)
    permit(session, actor, "register_companion", queries.office(session, entry["unit_id"]))
    if known is not None:
        permit(session, actor, "correct_companion", known)
    demand_seen(session, known)
    companion = known or Companion.register(companion_id, **entry)
    companion.correct(**entry)
    session.add(companion)
    return companion, known is None
