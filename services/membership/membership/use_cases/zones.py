"""Zones of a Delegation, entered by their codes; a zone may lie in another."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Zone
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.seen import demand_seen

from .standings import stand


def put_zone(
    session: Session, actor: Actor, delegation_id: UUID, code: str, *, around_code: str | None, **entry: Any
) -> tuple[Zone, bool]:
    """The zone, and whether it is new. Corrected, it stays where it lies: only an operation moves a zone."""
    permit(session, actor, "put_zone", queries.delegation(session, delegation_id))
    queries.hold_tree(session)
    opened_on: date | None = entry.pop("opened_on")
    known = queries.zone_by_code(session, code, delegation_id)
    demand_seen(session, known)
    around_id = queries.demand_zone(session, delegation_id, around_code)
    zone = known or Zone.register(delegation_id, code=code, around_id=around_id, **entry)
    zone.demand_around(around_id)
    zone.correct(**entry)
    session.add(zone)
    stand(session, [zone], {zone.id: opened_on})
    units.place(session, zone.id, zone.parent_id)
    return zone, known is None
