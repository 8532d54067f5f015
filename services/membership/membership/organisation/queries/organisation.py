"""Questions about Delegations, schools and principals."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import NotFound

from ..model.organisation import Delegation, School

CHUNK = 1000


def delegation_by_code(session: Session, code: str) -> Delegation | None:
    return session.scalars(select(Delegation).where(Delegation.code == code)).one_or_none()


def visible_delegation(session: Session, actor: Actor, code: str) -> Delegation:
    return permit(session, actor, "get_delegation", delegation_by_code(session, code))


def visible_school(session: Session, actor: Actor, delegation_id: UUID, code: str) -> School:
    permit(session, actor, "get_school", delegation(session, delegation_id))
    found = select(School).where(School.code == code, School.delegation_id == delegation_id)
    school = session.scalars(found).one_or_none()
    if school is None:
        raise NotFound("school.not_found")
    return school


def delegations(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_delegations", EVERYTHING)
    mine = select(Delegation).where(units.in_reach_of(actor, Delegation.id))
    return page(session, mine, Delegation.id, after=after, limit=limit)


def delegation(session: Session, delegation_id: UUID) -> Delegation | None:
    return session.get(Delegation, delegation_id)


def demand_open(session: Session, delegation_id: UUID) -> None:
    """Where something is to be planned. Call `hold_tree` before: then it stays open until the transaction ends."""
    session.get_one(Delegation, delegation_id, populate_existing=True).demand_open()


def schools_by_code(session: Session, codes: Sequence[str]) -> dict[str, School]:
    return {school.code: school for school in by_key(session, School, School.code, codes)}


def schools_attached_to(session: Session, codes: Sequence[str]) -> list[School]:
    return list(by_key(session, School, School.main_code, codes))


def by_key(session: Session, kind: Any, column: InstrumentedAttribute, keys: Sequence[str]) -> Iterator[Any]:
    distinct = sorted(set(keys))
    for start in range(0, len(distinct), CHUNK):
        yield from session.scalars(select(kind).where(among(session, column, distinct[start : start + CHUNK])))
