"""Questions about Delegations, schools and principals."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from membership.model import Delegation, Principal, School
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import Fault, Invalid, NotFound

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


def principal(session: Session, principal_id: UUID | None) -> Principal:
    """Held until the end of the transaction, so that nobody is erased between being read and being told of."""
    found = session.get(Principal, principal_id, with_for_update={"read": True}) if principal_id else None
    if found is None or found.erased_at:
        raise NotFound("principal.not_found")
    return found


def schools_by_code(session: Session, codes: Sequence[str]) -> dict[str, School]:
    return {school.code: school for school in _by_key(session, School, School.code, codes)}


def schools_attached_to(session: Session, codes: Sequence[str]) -> list[School]:
    return list(_by_key(session, School, School.main_code, codes))


def principals_by_ppr(session: Session, pprs: Sequence[str]) -> dict[str, Principal]:
    return {principal.ppr: principal for principal in _by_key(session, Principal, Principal.ppr, pprs)}


def hold_principals(session: Session, ids: Iterable[UUID]) -> None:
    """Before many are corrected: in the order of their ids, in which everybody takes them."""
    in_order = sorted(ids)
    for start in range(0, len(in_order), CHUNK):
        these = among(session, Principal.id, in_order[start : start + CHUNK])
        session.scalars(select(Principal.id).where(these).order_by(Principal.id).with_for_update(key_share=True)).all()


def _by_key(session: Session, kind: Any, column: InstrumentedAttribute, keys: Sequence[str]) -> Iterator[Any]:
    distinct = sorted(set(keys))
    for start in range(0, len(distinct), CHUNK):
        yield from session.scalars(select(kind).where(among(session, column, distinct[start : start + CHUNK])))


def demand_principals(session: Session, principal_ids: Sequence[UUID], delegation_id: UUID) -> None:
    """All of them exist and belong to this Delegation; else the refusal names those that do not."""
    mine = select(Principal.id).where(Principal.id.in_(principal_ids), Principal.delegation_id == delegation_id)
    here = mine.where(Principal.erased_at.is_(None)).order_by(Principal.id).with_for_update(read=True)
    unknown = set(principal_ids) - set(session.scalars(here))
    if unknown:
        faults = [Fault("principal.not_here", field="principal_ids", value=str(id)) for id in sorted(unknown)]
        raise Invalid("invitation.unknown_principal", faults=faults)
