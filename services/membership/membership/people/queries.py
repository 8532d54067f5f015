"""Questions about posts: who heads which school on a day, and which are vacant."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from membership.model import Career, Posting, Principal, School, Standing
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import permit

from .organisation import delegation


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
    found = defaultdict(list)
    columns = (Posting.school_id, Principal.id, Principal.name_fr, Principal.name_ar, Posting.starts_on)
    there = among(session, Posting.school_id, school_ids)
    held = select(*columns).join(Principal, Principal.id == Posting.principal_id).where(there, _holds_on(day))
    for school_id, *holder in session.execute(held):
        found[school_id].append(Holder(*holder))
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
