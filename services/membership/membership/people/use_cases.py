"""Posts as the national lists tell them: whoever is entered or corrected holds the post that their entry names."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from membership import queries
from membership.model import EVER, Career, Posting, Principal, Transfer

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
            since = {"posted_on": posted_on.get(principal.id), "opened_on": opened.get(school_id, EVER)}
            rows.append(Posting.first_row(principal, school_id, **since))
    _write(session, rows, [span for span in began if span])


def _correct_first_days(
    session: Session, principals: Sequence[Principal], careers: Mapping[UUID, Career], school_ids: Iterable[UUID]
) -> dict[UUID, date]:
    """Of those whose appointment was corrected; returns since when each of all these schools stands."""
    corrected = [each for each in principals if each.id in careers and each.appointed_before != each.appointed_on]
    firsts = {careers[principal.id].first.school_id for principal in corrected} - {None}
    opened = queries.opened_on(session, [*school_ids, *firsts])
    for principal in corrected:
        career = careers[principal.id]
        since = opened.get(career.first.school_id, EVER)
        career.begin_anew(principal.appointed_on, before=principal.appointed_before, opened_on=since)
    return opened


def _write(session: Session, rows: list[dict], began: list[Posting]) -> None:
    session.flush()  # a span ends before the next begins: of two that are open, the database refuses one
    session.add_all(began)
    if rows:
        session.execute(insert(Posting), rows)


def erase_posts(session: Session, principal: Principal) -> None:
    """Which schools they headed leads back to them: one span is left, which says only that they were erased."""
    session.execute(delete(Posting).where(Posting.principal_id == principal.id))
    session.execute(delete(Transfer).where(Transfer.principal_id == principal.id))
    session.add(Posting.of_erased(principal))
