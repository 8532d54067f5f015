"""Units changed and changed back while others enter, invite, answer and move people: nothing is lost or torn."""

import random
from collections import Counter

import pytest
from crowds import at_once, loaded_by_all_before_any_goes_on, statuses
from regions import Region
from sqlalchemy import func, select

from membership.app import service
from membership.communities.model.community import Community
from membership.joining.model.membership import Membership, MembershipState
from membership.organisation.model.operation import Operation
from membership.organisation.model.organisation import Delegation, School
from shared.testing.harness import Driven

pytestmark = pytest.mark.both_databases

ROUNDS = 6  # of two bursts each


@pytest.fixture
def region(postgres_databases, attitudes):
    driven = Driven(service, postgres_databases.new(service.name))
    yield Region(driven, attitudes)
    driven.close()


def test_two_operations_at_once_on_one_unit_are_one_after_the_other(region):
    moved = at_once(*[lambda: region.do("A1", "move", parent_id="B")] * 2)
    assert statuses(moved) == [201, 409]
    (operation,) = [answer.json["operation"]["id"] for answer in moved if answer.status_code == 201]
    assert statuses(at_once(*[lambda: region.undo(operation)] * 2)) == [200, 409]
    apart = at_once(lambda: region.do("A1", "move", parent_id="B"), lambda: region.do("B", "merge", merged=["A"]))
    assert statuses(apart) in ([201, 201], [201, 409])
    region.demand_sound()


def test_whoever_is_entered_while_a_delegation_closes_is_not_left_in_it(region):
    with loaded_by_all_before_any_goes_on(School, 2):
        entered = at_once(
            lambda: region.do("A", "merge", merged=["B"]), lambda: region.enter_people("B", {"new": "B1a"})
        )
    assert max(statuses(entered)) < 500
    region.demand_sound()
    region.undo_everything()
    with loaded_by_all_before_any_goes_on(Delegation, 5):
        planned = at_once(
            lambda: region.do("A", "merge", merged=["B"]),
            lambda: region.plan_more("B"),
            lambda: region.enter_schools("B", "X"),
            lambda: region.ask_plan("B"),
            lambda: region.draft("B"),
        )
    assert set(statuses(planned)) <= {200, 201, 202, 409}
    region.demand_sound()
    assert region.plan_more("B").json["code"] == "unit.is_closed"


def test_locks_are_taken_in_one_order(region):
    """Who invites holds the community, then whom they invite; whoever carries these along must not hold them first."""
    with loaded_by_all_before_any_goes_on(Community, 2):
        merged = at_once(lambda: region.do("A", "merge", merged=["B"]), lambda: region.invite("B", "b1a", "b1b"))
    assert statuses(merged) == [200, 201]
    (operation,) = [answer.json["operation"]["id"] for answer in merged if answer.status_code == 201]
    with loaded_by_all_before_any_goes_on(Community, 2):
        undone = at_once(lambda: region.undo(operation), lambda: region.invite("B", "b1a", "a1a"))
    assert statuses(undone) == [200, 200]
    region.demand_sound()
    with loaded_by_all_before_any_goes_on(Community, 2):
        moved = at_once(lambda: region.move({"a1a": "B1a", "b1a": "A1a"}), lambda: region.invite("A", "a1a", "a1b"))
    assert max(statuses(moved)) < 500
    region.demand_sound()


def test_everything_at_once_leaves_the_tree_sound_and_everybody_in_place(region):
    chance, told = random.Random(5), Counter()
    for number in range(ROUNDS):
        for calls in (_first, _second):
            answers = at_once(*chance.sample(calls(region, number), 6))
            told.update(answer.status_code for answer in answers)
            assert max(statuses(answers)) < 500, [answer.json for answer in answers]
            region.demand_sound()
            assert _two_homes(region) == []
        region.undo_everything()
        region.demand_sound()
    assert told[201] > ROUNDS / 2 and told[200] > ROUNDS, told
    assert _undone(region) > ROUNDS / 2


def _first(region: Region, number: int) -> list:
    return [
        lambda: region.do("A", "merge", merged=["B"]),
        lambda: region.do("A1", "move", parent_id="B"),
        lambda: region.split("A", f"N{number}", "A2"),
        lambda: region.move({"a1a": "B1a", "b1a": "A1a"}),
        lambda: region.invite("A", "a1a", "a1b", "a2a", "a2b"),
        lambda: region.invite("B", "b1a", "b1b"),
        lambda: region.enter_people("A", {"a2b": "A2b", "a2a": "A2a", "a1b": "A1b"}),
        lambda: region.enter_schools("B", f"S{number}"),
        lambda: region.plan_more("B"),
        lambda: region.ask_plan("B"),
        lambda: region.draft("B"),
    ]


def _second(region: Region, _number: int) -> list:
    operations = region.ministry.get("/v1/operations?limit=200").json["items"]
    last = [each["id"] for each in operations if each["state"] == "effective"][-2:]
    return [
        *[lambda operation=operation: region.undo(operation) for operation in last],
        lambda: region.do("B1", "move", parent_id="A"),
        lambda: region.do("A2", "rename", name_fr="Rif", name_ar="الريف"),
        lambda: region.move({"a2a": "A1a", "a1a": "A2a"}),
        *[lambda ppr=ppr: region.accept("A", ppr) for ppr in ("a1a", "a1b", "a2a", "a2b")],
        *[lambda ppr=ppr: region.accept("B", ppr) for ppr in ("b1a", "b1b")],
        lambda: region.enter_people("A", {"a2b": "A2b", "a1b": "A1b"}),
    ]


def _two_homes(region: Region) -> list:
    with region.driven.sessions.reader() as session:
        at_home = select(Membership.principal_id).where(Membership.is_home, Membership.state == MembershipState.MEMBER)
        return session.scalars(at_home.group_by(Membership.principal_id).having(func.count() > 1)).all()


def _undone(region: Region) -> int:
    with region.driven.sessions.reader() as session:
        return session.scalar(select(func.count()).where(Operation.undone_at.is_not(None)))
