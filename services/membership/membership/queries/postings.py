"""Questions about posts: who heads which school on a day, and which are vacant."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from membership.model import Career, Posting, Principal, School, Standing
from membership.policy import policy
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page

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
    """The main schools of a Delegation that were open then, with who headed them."""
    policy.permit(session, actor, "list_posts", delegation(session, delegation_id))
    mine = (School.delegation_id == delegation_id) & (School.code == School.main_code)
    day = as_of or datetime.now(UTC).date()
    rows = select(School).where(mine, _was_open(day))
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


def _was_open(day: date) -> ColumnElement[bool]:
    """A school of which no history was written stands as it stands."""
    known = exists().where(Standing.unit_id == School.id)
    then = (Standing.starts_on <= day) & or_(Standing.ends_on.is_(None), Standing.ends_on > day)
    return ~known | exists().where(Standing.unit_id == School.id, then)
