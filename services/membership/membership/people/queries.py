"""Questions about principals and their posts, officers and companions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from membership.organisation import CHUNK, Academy, Delegation, Level, Ministry, School, Standing, by_key, delegation
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import Fault, Invalid, NotFound

from .model.officer import Companion, Officer, OfficerState
from .model.people import Principal
from .model.posting import Career, Posting


def oneself(session: Session, actor: Actor) -> Principal | None:
    return session.get(Principal, actor.principal_id) if actor.principal_id else None


MOST = 1000  # entries of one person; nobody has had more
KINDS = (Ministry, Academy, Delegation)


class Office(NamedTuple):
    """A unit in which officers act: the Ministry, an academy, a Delegation."""

    id: UUID
    level: Level


def office(session: Session, unit_id: UUID) -> Office | None:
    found = (session.get(kind, unit_id) for kind in KINDS)
    return next((Office(unit.id, unit.level) for unit in found if isinstance(unit, KINDS)), None)


def within(office: Office, column: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Is this column a Delegation of that office?"""
    if office.level is Level.MINISTRY:
        return true()
    if office.level is Level.ACADEMY:
        return column.in_(select(Delegation.id).where(Delegation.academy_id == office.id))
    return column == office.id


def officer(session: Session, unit_id: UUID, officer_id: UUID) -> Officer | None:
    mine = (Officer.unit_id == unit_id) & (Officer.officer_id == officer_id)
    return session.scalars(select(Officer).where(mine)).one_or_none()


def visible_officer(session: Session, actor: Actor, unit_id: UUID, officer_id: UUID) -> Officer:
    """To their unit, and to themself."""
    found = officer(session, unit_id, officer_id)
    return permit(session, actor, "get_officer", found if found and found.is_in_office else None)


def officers(session: Session, actor: Actor, unit_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Those who act for it now."""
    permit(session, actor, "list_officers", office(session, unit_id))
    rows = select(Officer).where(Officer.unit_id == unit_id, Officer.state == OfficerState.IN_OFFICE)
    return page(session, rows, Officer.id, after=after, limit=limit)


def is_in_any_office(session: Session, officer_id: UUID) -> bool:
    mine = (Officer.officer_id == officer_id) & (Officer.state == OfficerState.IN_OFFICE)
    return bool(session.scalar(select(exists().where(mine))))


def id_of(actor: Actor) -> UUID | None:
    """Of a token that names nobody whom an office could have entered: none."""
    try:
        return UUID(actor.id)
    except ValueError:
        return None


def companion(session: Session, companion_id: UUID) -> Companion | None:
    return session.get(Companion, companion_id)


def visible_companion(session: Session, actor: Actor, companion_id: UUID) -> Companion:
    return permit(session, actor, "get_companion", companion(session, companion_id))


def registered_companions(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    """Those whom the caller's office, or one below it, has entered."""
    permit(session, actor, "list_registered_companions", EVERYTHING)
    rows = select(Companion).where(units.in_reach_of(actor, Companion.unit_id))
    return page(session, rows, Companion.id, after=after, limit=limit)


def principal(session: Session, principal_id: UUID | None) -> Principal:
    """Held until the end of the transaction, so that nobody is erased between being read and being told of."""
    found = session.get(Principal, principal_id, with_for_update={"read": True}) if principal_id else None
    if found is None or found.erased_at:
        raise NotFound("principal.not_found")
    return found


def principals_by_ppr(session: Session, pprs: Sequence[str]) -> dict[str, Principal]:
    return {principal.ppr: principal for principal in by_key(session, Principal, Principal.ppr, pprs)}


def hold_principals(session: Session, ids: Iterable[UUID]) -> None:
    """Before many are corrected: in the order of their ids, in which everybody takes them."""
    in_order = sorted(ids)
    for start in range(0, len(in_order), CHUNK):
        these = among(session, Principal.id, in_order[start : start + CHUNK])
        session.scalars(select(Principal.id).where(these).order_by(Principal.id).with_for_update(key_share=True)).all()


def demand_principals(session: Session, principal_ids: Sequence[UUID], delegation_id: UUID) -> None:
    """All of them exist and belong to this Delegation; else the refusal names those that do not."""
    mine = select(Principal.id).where(Principal.id.in_(principal_ids), Principal.delegation_id == delegation_id)
    here = mine.where(Principal.erased_at.is_(None)).order_by(Principal.id).with_for_update(read=True)
    unknown = set(principal_ids) - set(session.scalars(here))
    if unknown:
        faults = [Fault("principal.not_here", field="principal_ids", value=str(id)) for id in sorted(unknown)]
        raise Invalid("invitation.unknown_principal", faults=faults)


@dataclass(frozen=True)
class Holder:
    """Who holds a post since when."""

    principal_id: UUID
    name_fr: str
    name_ar: str
    since: date


@dataclass(frozen=True)
class HeldPost:
    """A main school with whoever heads it on a day: nobody, where it is vacant."""

    school: School
    holders: list[Holder]

    @property
    def is_vacant(self) -> bool:
        return not self.holders


def careers(session: Session, principal_ids: Collection[UUID]) -> dict[UUID, Career]:
    """All postings of each of them; who has none yet is not in it."""
    spans = defaultdict(list)
    for span in session.scalars(select(Posting).where(among(session, Posting.principal_id, principal_ids))):
        spans[span.principal_id].append(span)
    return {principal_id: Career.of(found) for principal_id, found in spans.items()}


def main_school_ids(session: Session, codes: Collection[str]) -> dict[str, UUID]:
    """Of those codes that are main schools'."""
    wanted = select(School.code, School.id).where(among(session, School.code, codes), School.code == School.main_code)
    return dict(session.execute(wanted).all())


def opened_on(session: Session, school_ids: Collection[UUID]) -> dict[UUID, date]:
    """Since when they stand, as far as that is known."""
    first = select(Standing.unit_id, func.min(Standing.starts_on)).group_by(Standing.unit_id)
    return dict(session.execute(first.where(among(session, Standing.unit_id, school_ids))).all())


def posts(
    session: Session,
    actor: Actor,
    delegation_id: UUID,
    *,
    as_of: date | None,
    vacant: bool | None,
    after: UUID | None,
    limit: int,
) -> Page:
    """The main schools that lay in a Delegation then and were open, with who headed them."""
    permit(session, actor, "list_posts", delegation(session, delegation_id))
    today = datetime.now(UTC).date()
    day = as_of or today
    rows = select(School).where(_lies_in(delegation_id, today) if day == today else _lay_in(delegation_id, day))
    if vacant is not None:
        held = exists().where(Posting.school_id == School.id, _holds_on(day))
        rows = rows.where(~held if vacant else held)
    found = page(session, rows, School.id, after=after, limit=limit)
    holders = _holders(session, [school.id for school in found.items], day)
    return Page([HeldPost(school, holders[school.id]) for school in found.items], found.next)


def _holders(session: Session, school_ids: Sequence[UUID], day: date) -> dict[UUID, list[Holder]]:
    found: dict[UUID, list[Holder]] = defaultdict(list)
    columns = (Posting.school_id, Principal.id, Principal.name_fr, Principal.name_ar, Posting.starts_on)
    there = among(session, Posting.school_id, school_ids)
    held = select(*columns).join(Principal, Principal.id == Posting.principal_id).where(there, _holds_on(day))
    for school_id, id, name_fr, name_ar, starts_on in session.execute(held):
        if school_id:
            found[school_id].append(Holder(id, name_fr, name_ar, starts_on))
    return found


def _holds_on(day: date) -> ColumnElement[bool]:
    return (Posting.starts_on <= day) & or_(Posting.ends_on.is_(None), Posting.ends_on > day)


def _lies_in(delegation_id: UUID, today: date) -> ColumnElement[bool]:
    """The main schools that are a Delegation's now, and open."""
    mine = (School.delegation_id == delegation_id) & (School.code == School.main_code)
    return mine & (~_known() | exists().where(Standing.unit_id == School.id, _stands_on(today)))


def _lay_in(delegation_id: UUID, day: date) -> ColumnElement[bool]:
    """As the history tells it; a school of which none was written lay where it lies."""
    there = select(Standing.unit_id).where(Standing.parent_id == delegation_id, _stands_on(day)).cte(recursive=True)
    lower = select(Standing.unit_id).where(Standing.parent_id == there.c.unit_id, _stands_on(day))
    there = there.union(lower)
    main = aliased(School)
    is_satellite = exists().where(Standing.unit_id == School.id, _stands_on(day), Standing.parent_id == main.id)
    lay = School.id.in_(select(there.c.unit_id)) & ~is_satellite
    return lay | (~_known() & (School.delegation_id == delegation_id) & (School.code == School.main_code))


def _known() -> ColumnElement[bool]:
    return exists().where(Standing.unit_id == School.id)


def _stands_on(day: date) -> ColumnElement[bool]:
    return (Standing.starts_on <= day) & or_(Standing.ends_on.is_(None), Standing.ends_on > day)


def postings_at(session: Session, school_ids: Collection[UUID], day: date) -> Sequence[Posting]:
    """Who heads one of these schools on that day or later."""
    later = or_(Posting.ends_on.is_(None), Posting.ends_on > day)
    return session.scalars(select(Posting).where(among(session, Posting.school_id, list(school_ids)), later)).all()
