"""The rules of posts, homes and newcomers, without a database."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from peers import new_community, new_principal

from membership.joining.model.leaving import Leaving
from membership.joining.model.membership import Membership
from membership.joining.model.stay import Stay
from membership.joining.model.without_home import WithoutHome
from membership.moves.model.transfer import Home, Neighbourhood
from membership.organisation.model.organisation import Cycle, School
from membership.people.model.people import newcomers_since
from membership.people.model.posting import Career, Post, Posting

START, TODAY = date(2010, 9, 1), date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
A, B, C = (uuid4() for _ in range(3))


def career() -> Career:
    return Career([Posting(principal_id=uuid4(), school_id=A, starts_on=START)])


def spans(held: Career) -> list[tuple[UUID | str | None, date, date | None]]:
    return [(span.school_id or span.absence, span.starts_on, span.ends_on) for span in held.spans]


def test_a_newer_list_ends_the_span_today_and_leaves_what_is_decided_for_later():
    held, later = career(), TODAY + timedelta(days=30)
    assert held.follow_list(A, TODAY) is None
    held.spans.append(held.begin(Post(C), later, uuid4()))
    held.spans.insert(1, held.follow_list(B, TODAY))
    assert spans(held) == [(A, START, TODAY), (B, TODAY, later), (C, later, None)]
    assert [held.on(day).school_id for day in (START - timedelta(days=1), TODAY, later)] == [A, B, C]
    assert held.follow_list(A, TODAY) is None  # the second word of one day
    assert spans(held) == [(A, START, TODAY), (A, TODAY, later), (C, later, None)]


def test_no_list_gives_a_post_to_somebody_erased():
    erased = Career([Posting.of_erased(new_principal())])
    assert erased.follow_list(A, TODAY) is None
    assert spans(erased) == [("erased", date(2010, 1, 1), None)]


def test_a_career_that_was_reopened_is_as_it_was():
    held, operation = career(), uuid4()
    held.spans.append(held.begin(Post(None, "retired"), TODAY, operation))
    assert held.is_last_by(operation) and not held.is_last_by(uuid4())
    held.reopen()
    assert spans(held) == [(A, START, None)]
    assert not held.is_last_by(operation)


@pytest.mark.parametrize(
    ("today", "last_day"),
    [(date(2026, 3, 1), date(2024, 3, 1)), (date(2028, 2, 29), date(2026, 2, 28))],
)
def test_somebody_is_a_newcomer_for_24_months(today, last_day):
    assert newcomers_since(today) == last_day
    assert not new_principal(appointed_on=last_day).is_newcomer_on(today)
    assert new_principal(appointed_on=last_day + timedelta(days=1)).is_newcomer_on(today)
    assert not new_principal(appointed_on=today + timedelta(days=1)).is_newcomer_on(today)


def test_the_home_that_fits_is_that_of_the_neighbours_or_the_only_one():
    delegation, zone, elsewhere = uuid4(), uuid4(), uuid4()
    near, far = (UUID(int=number) for number in (1, 2))
    entry = {"code": "A", "cycle": Cycle.PRIMARY, "name_fr": "A", "name_ar": "A"}
    school, remote = (School.register(delegation, **entry, zone_id=id) for id in (zone, elsewhere))
    around = Neighbourhood({delegation: {far, near}}, {zone: Counter({near: 5, far: 4, uuid4(): 6})})
    assert (around.home_of(school), around.home_of(remote)) == (near, None)
    assert Neighbourhood({delegation: [far]}, {}).home_of(remote) == far
    assert around.after(school, far, follows=True) == (Home.LEFT, near)
    assert around.after(school, near, follows=True) == (Home.KEPT, None)
    assert around.after(school, None, follows=True) == (Home.NONE, near)
    assert around.after(school, far, follows=False) == (Home.KEPT, None)
    assert around.after(None, far, follows=True) == (Home.LEFT, None)


def invited(days: int = 0) -> Membership:
    moment = NOW + timedelta(days=days)
    return Membership.invite(new_community(), uuid4(), answer_by=moment + timedelta(days=5), now=moment)


def declined(days: int) -> Membership:
    membership = invited(days)
    membership.decline(channel="portal", now=NOW + timedelta(days=days + 1))
    return membership


def left(days: int) -> Membership:
    membership = invited(days)
    membership.accept(new_principal(), channel="portal", now=NOW + timedelta(days=days + 1))
    membership.leave(Leaving.TRANSFERRED, now=NOW + timedelta(days=days + 2))
    return membership


@pytest.mark.parametrize(
    ("memberships", "last", "reason"),
    [
        ([], None, "not_invited"),
        ([declined(0), invited()], None, "invited"),
        ([declined(9), left(0)], Leaving.TRANSFERRED, "declined"),
        ([declined(0), left(9)], Leaving.TRANSFERRED, "transferred"),
        ([left(0)], None, "left"),
    ],
)
def test_who_has_no_home_has_a_reason(memberships, last, reason):
    assert WithoutHome.of(memberships, last) == reason


def test_a_stay_goes_on_as_if_it_had_never_ended():
    membership = invited()
    membership.accept(new_principal(), channel="portal", now=NOW)
    stay = Stay.begin(membership)
    stay.end(Leaving.TRANSFERRED, now=NOW + timedelta(days=1))
    stay.resume()
    assert (stay.joined_at, stay.left_at, stay.leaving) == (NOW, None, None)
