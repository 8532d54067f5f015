"""Questions about Delegations, schools and principals."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from membership.model import Delegation, Principal, School
from shared.domain.actor import Actor, permit
from shared.domain.paging import Page, page
from shared.domain.refusals import Fault, Invalid, NotFound

CHUNK = 1000
OFFICE_ONLY = "Only the Delegation and the Ministry may read this."


def delegation_by_code(session: Session, code: str) -> Delegation | None:
    return session.scalars(select(Delegation).where(Delegation.code == code)).one_or_none()


def delegations(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    mine = select(Delegation) if actor.administers() else select(Delegation).where(Delegation.id == actor.unit_id)
    return page(session, mine, Delegation.id, after=after, limit=limit)


def demand_delegation(session: Session, delegation_id: UUID) -> None:
    if session.get(Delegation, delegation_id) is None:
        raise NotFound("delegation.not_found", "There is no such Delegation.")


def schools(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(actor.works_for(delegation_id), OFFICE_ONLY)
    rows = select(School).where(School.delegation_id == delegation_id)
    return page(session, rows, School.id, after=after, limit=limit)


def principals(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(actor.works_for(delegation_id), OFFICE_ONLY)
    rows = select(Principal).where(Principal.delegation_id == delegation_id)
    return page(session, rows, Principal.id, after=after, limit=limit)


def principal(session: Session, principal_id: UUID | None) -> Principal:
    found = session.get(Principal, principal_id) if principal_id else None
    if found is None:
        raise NotFound("principal.not_found", "There is no such principal.")
    return found


def schools_by_code(session: Session, codes: Sequence[str]) -> dict[str, School]:
    return {school.code: school for school in _by_key(session, School, School.code, codes)}


def schools_attached_to(session: Session, codes: Sequence[str]) -> list[School]:
    return list(_by_key(session, School, School.main_code, codes))


def principals_by_ppr(session: Session, pprs: Sequence[str]) -> dict[str, Principal]:
    return {principal.ppr: principal for principal in _by_key(session, Principal, Principal.ppr, pprs)}


def _by_key(session: Session, kind: Any, column: ColumnElement, keys: Sequence[str]) -> Iterator[Any]:
    distinct = sorted(set(keys))
    for start in range(0, len(distinct), CHUNK):
        yield from session.scalars(select(kind).where(column.in_(distinct[start : start + CHUNK])))


def demand_principals(session: Session, principal_ids: Sequence[UUID], delegation_id: UUID) -> None:
    """All of them exist and belong to this Delegation; else the refusal names those that do not."""
    mine = select(Principal.id).where(Principal.id.in_(principal_ids), Principal.delegation_id == delegation_id)
    unknown = set(principal_ids) - set(session.scalars(mine))
    if unknown:
        faults = [Fault(field="principal_ids", value=str(id), reason="no principal here") for id in sorted(unknown)]
        raise Invalid("invitation.unknown_principal", "Some are no principals of this Delegation.", faults)
