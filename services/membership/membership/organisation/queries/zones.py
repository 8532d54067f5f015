"""Questions about zones, and what levels are called."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import Fault, Invalid, NotFound, Refused

from ..model.levels import Level, LevelName
from ..model.organisation import School, Zone
from .organisation import delegation


def zones_by_code(session: Session, codes: Collection[str]) -> dict[str, Zone]:
    if not codes:
        return {}
    found = session.scalars(select(Zone).where(among(session, Zone.code, sorted(set(codes)))))
    return {zone.code: zone for zone in found}


def zone_by_code(session: Session, code: str, delegation_id: UUID) -> Zone | None:
    """Refuses the code of a zone of elsewhere."""
    zone = session.scalars(select(Zone).where(Zone.code == code)).one_or_none()
    if zone is not None and zone.delegation_id != delegation_id:
        raise Refused("unit.code_taken", unit=code)
    return zone


def visible_zone(session: Session, actor: Actor, delegation_id: UUID, code: str) -> Zone:
    permit(session, actor, "get_zone", delegation(session, delegation_id))
    zone = session.scalars(select(Zone).where(Zone.code == code, Zone.delegation_id == delegation_id)).one_or_none()
    if zone is None:
        raise NotFound("zone.not_found")
    return zone


def zones(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_zones", delegation(session, delegation_id))
    rows = select(Zone).where(Zone.delegation_id == delegation_id)
    return page(session, rows, Zone.id, after=after, limit=limit)


def demand_zone(session: Session, delegation_id: UUID, code: str | None) -> UUID | None:
    """The open zone of this Delegation with this code; None where none is named."""
    if code is None:
        return None
    open_here = (Zone.delegation_id == delegation_id) & Zone.closed_on.is_(None)
    found = session.scalars(select(Zone.id).where(Zone.code == code.upper(), open_here)).one_or_none()
    if found is None:
        raise Invalid("zone.unknown", faults=[Fault("zone.unknown", field="around_code", value=code)])
    return found


def school_ids(session: Session, codes: Collection[str]) -> dict[str, UUID]:
    found = session.execute(select(School.code, School.id).where(among(session, School.code, list(codes))))
    return dict(found.all())


def level_name(session: Session, level: Level) -> LevelName:
    """As it was decided, or else as it is shipped."""
    return session.scalars(select(LevelName).where(LevelName.level == level)).one_or_none() or LevelName.of_old(level)


def visible_level(session: Session, actor: Actor, level: Level) -> LevelName:
    permit(session, actor, "get_level", EVERYTHING)
    return level_name(session, level)


def levels(session: Session, actor: Actor) -> Sequence[LevelName]:
    """From the top of the tree."""
    permit(session, actor, "list_levels", EVERYTHING)
    decided = {name.level: name for name in session.scalars(select(LevelName))}
    return [decided.get(level) or LevelName.of_old(level) for level in Level]
