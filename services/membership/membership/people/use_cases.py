"""Officers and companions; posts as the national lists tell them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from membership.organisation import EVER
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import NotFound
from shared.messaging import erasure

from . import queries
from .model.officer import Companion, Officer
from .model.people import Principal
from .model.posting import Career, Posting


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


CHUNK = 1000
NOBODY_SAID: Mapping[UUID, date] = {}


def post(session: Session, principals: Sequence[Principal], posted_on: Mapping[UUID, date] = NOBODY_SAID) -> None:
    """Somebody new holds their post since the day that `posted_on` says of them, else since they were appointed.

    Whose entry names another school than before holds that from today on; whose appointment was corrected has headed
    their first school since the right day, and nobody one that was not open yet. Safe to repeat; four questions for
    each thousand. Call `queries.hold_principals` of those who are known before, so that nobody else enters their post.
    """
    session.flush()
    for start in range(0, len(principals), CHUNK):
        _post(session, principals[start : start + CHUNK], posted_on)


def _post(session: Session, principals: Sequence[Principal], posted_on: Mapping[UUID, date]) -> None:
    careers = queries.careers(session, [principal.id for principal in principals])
    school_ids = queries.main_school_ids(session, {principal.school_code for principal in principals})
    opened = _correct_first_days(session, principals, careers, school_ids.values())
    today, began, rows = datetime.now(UTC).date(), [], []
    for principal in (principal for principal in principals if principal.school_code in school_ids):
        school_id = school_ids[principal.school_code]
        if principal.id in careers:
            began.append(careers[principal.id].follow_list(school_id, today))
        else:
            stands, said = opened.get(school_id, EVER), posted_on.get(principal.id)
            rows.append(Posting.first_row(principal, school_id, posted_on=said, opened_on=stands))
    _write(session, rows, [span for span in began if span])


def _correct_first_days(
    session: Session, principals: Sequence[Principal], careers: Mapping[UUID, Career], school_ids: Iterable[UUID]
) -> dict[UUID, date]:
    """Of those whose appointment was corrected; returns since when each of all these schools stands."""
    corrected = [each for each in principals if each.id in careers and each.appointed_before != each.appointed_on]
    firsts = {principal.id: careers[principal.id].first.school_id for principal in corrected}
    opened = queries.opened_on(session, [*school_ids, *{first for first in firsts.values() if first}])
    for principal in corrected:
        career, first = careers[principal.id], firsts[principal.id]
        since = opened.get(first, EVER) if first else EVER
        career.begin_anew(principal.appointed_on, before=principal.appointed_before, opened_on=since)
    return opened


def _write(session: Session, rows: list[dict], began: list[Posting]) -> None:
    session.flush()  # a span ends before the next begins: of two that are open, the database refuses one
    session.add_all(began)
    if rows:
        session.execute(insert(Posting), rows)
