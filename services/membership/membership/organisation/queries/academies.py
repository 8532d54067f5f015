"""Questions about academies."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import Fault, Invalid

from ..model.organisation import Academy


def academy_by_code(session: Session, code: str) -> Academy | None:
    return session.scalars(select(Academy).where(Academy.code == code)).one_or_none()


def visible_academy(session: Session, actor: Actor, code: str) -> Academy:
    return permit(session, actor, "get_academy", academy_by_code(session, code))


def academies(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_academies", EVERYTHING)
    mine = select(Academy).where(units.in_reach_of(actor, Academy.id))
    return page(session, mine, Academy.id, after=after, limit=limit)


def demand_academy(session: Session, academy_id: UUID | None) -> None:
    if academy_id is not None and session.get(Academy, academy_id) is None:
        faults = [Fault("delegation.no_such_academy", field="academy_id", value=str(academy_id))]
        raise Invalid("delegation.unknown_academy", faults=faults)
