"""Mouvements: many principals change posts on one day; looked at first, then done on the day, or taken back."""

from datetime import timedelta

import pytest
from movers import PERSON, TODAY, Movers, in_days, movers_in

from shared.domain.actor import Role
from shared.events import PrincipalRegistered, PrincipalTransferred

pytestmark = pytest.mark.both_databases

START = "2010-09-01"


@pytest.fixture
def movers(province) -> Movers:
    movers = movers_in(province)
    movers.schools("AB")
    movers.schools("CD", cycle="lower_secondary")
    movers.heads("ABC")
    return movers


def test_a_ring_is_looked_at_then_done_then_taken_back(movers):
    ring = {"a": "B", "b": "C", "c": "A"}
    seen = movers.move(ring, dry_run=True).json
    assert (seen["operation_id"], seen["conflicts"], seen["vacated"]) == (None, [], [])
    assert sorted(seen["filled"]) == ["A", "B", "C"]
    assert [(each["from_school_code"], each["to_school_code"], each["changes_cycle"]) for each in seen["moves"]] == [
        ("A", "B", False), ("B", "C", True), ("C", "A", True)]  # fmt: skip
    assert movers.posts() == {"15395H": "", "A": "a", "B": "b", "C": "c", "D": ""}
    before = entries(movers)

    operation = movers.decided(ring)

    assert movers.posts() == {"15395H": "", "A": "c", "B": "a", "C": "b", "D": ""}
    assert movers.posts(-1) == {"15395H": "", "A": "a", "B": "b", "C": "c", "D": ""}
    after = entries(movers)
    assert (after["b"]["school_code"], after["b"]["cycle"]) == ("C", "lower_secondary")
    told = {event.principal_id: event for event in movers.driven.told(PrincipalTransferred)}
    assert set(told) == set(movers.ids.values())
    assert not any(event.community_follows or event.absence for event in told.values())
    registered = [event.school_code for event in movers.driven.told(PrincipalRegistered)]
    assert registered == ["A", "B", "C", *(after[ppr]["school_code"] for ppr in by_id(movers))]

    undone = movers.undo(operation)

    assert (undone.status_code, undone.json["state"]) == (200, "undone"), undone.json
    assert entries(movers) == before
    assert [movers.history(ppr) for ppr in "abc"] == [[(code, START, None)] for code in "ABC"]


def entries(movers: Movers) -> dict[str, dict]:
    items = movers.officer.get(f"{movers.path}/principals?limit=200").json["items"]
    return {entry["ppr"]: entry for entry in items}


def by_id(movers: Movers) -> list[str]:
    return sorted(movers.ids, key=lambda ppr: movers.ids[ppr])


def test_what_is_decided_for_later_stands_in_the_history_and_is_done_on_its_day(movers):
    operation = movers.decided({"a": "D", "c": "retired"}, days=10)
    assert movers.posts() == {"15395H": "", "A": "a", "B": "b", "C": "c", "D": ""}
    assert movers.posts(10) == {"15395H": "", "A": "", "B": "b", "C": "", "D": "a"}
    assert movers.posts(10, vacant=True).keys() == {"15395H", "A", "C"}
    assert movers.posts(vacant=False).keys() == {"A", "B", "C"}
    assert movers.history("c") == [("C", START, in_days(10)), ("retired", in_days(10), None)]
    assert not movers.driven.told(PrincipalTransferred)
    movers.on(TODAY + timedelta(days=9))
    assert entries(movers)["a"]["school_code"] == "A"
    movers.heads("AC")  # the same list again: nothing is new
    assert movers.posts(10)["D"] == "a"

    movers.on(TODAY + timedelta(days=10))

    assert (entries(movers)["a"]["school_code"], entries(movers)["c"]["school_code"]) == ("D", "")
    assert {event.absence for event in movers.driven.told(PrincipalTransferred)} == {None, "retired"}
    assert movers.undo(operation).status_code == 200
    assert movers.posts(10) == {"15395H": "", "A": "a", "B": "b", "C": "c", "D": ""}
    assert entries(movers)["c"]["school_code"] == "C"


def test_a_scheduled_one_is_taken_back_before_its_day(movers):
    operation = movers.decided({"a": "D"}, days=10)
    assert movers.undo(operation).status_code == 200
    assert movers.undo(operation).json["code"] == "operation.wrong_state"
    movers.on(TODAY + timedelta(days=11))
    assert movers.posts(12)["A"] == "a" and not movers.driven.told(PrincipalTransferred)


def test_a_list_with_conflicts_is_refused_as_a_whole_and_says_where(movers):
    movers.decided({"b": "on_leave"}, days=20)
    moves = {"a": "B", "b": "D", "c": "C", "nobody": "A", "d": "Z"}
    movers.enter({"d": "15395H"})
    seen = movers.move(moves | {"e": "A"}, dry_run=True)
    assert seen.status_code == 200, seen.json
    assert [(each["line"], each["code"].removeprefix("mouvement.")) for each in seen.json["conflicts"]] == [
        (1, "later_operation"), (2, "same_post"), (3, "unknown_principal"), (3, "school_twice"),
        (4, "unknown_school"), (5, "unknown_principal"), (5, "school_twice"),
    ]  # fmt: skip
    refused = movers.move(moves)
    assert (refused.status_code, refused.json["code"]) == (422, "mouvement.conflicts")
    assert movers.move({"a": "C"}).json["errors"][0]["code"] == "mouvement.post_held"
    assert movers.move({"a": "B"}, days=30).status_code == 200  # vacant from then on
    assert movers.move({"d": "D"}, days=-9000).json["errors"][0]["code"] == "mouvement.posted_since"
    twice = {
        "effective_on": in_days(1),
        "moves": [{"ppr": "c", "school_code": "D"}, {"ppr": "c", "absence": "retired"}],
    }
    answer = movers.officer.post(f"/v1/units/{movers.delegation_id}/mouvements", twice)
    assert {error["code"] for error in answer.json["errors"]} == {"mouvement.principal_twice"}
    both = {"effective_on": in_days(1), "moves": [{"ppr": "c", "school_code": "D", "absence": "retired"}]}
    assert movers.officer.post(f"/v1/units/{movers.delegation_id}/mouvements", both).status_code == 422
    assert movers.posts() == {"15395H": "d", "A": "a", "B": "b", "C": "c", "D": ""}


def test_what_has_gone_on_since_cannot_be_taken_back(movers):
    first = movers.decided({"a": "D"})
    movers.enter({"z": "15395H"})
    second = movers.decided({"z": "A"}, days=3)
    assert movers.undo(first).json["code"] == "mouvement.post_gone"
    assert movers.undo(second).status_code == 200
    third = movers.decided({"a": "seconded"}, days=5)
    assert movers.undo(first).json["code"] == "mouvement.gone_on"
    assert [movers.undo(each).status_code for each in (third, first)] == [200, 200]
    assert movers.posts(9) == {"15395H": "z", "A": "a", "B": "b", "C": "c", "D": ""}


def test_a_list_that_comes_on_the_very_day_is_newer_than_the_mouvement(movers):
    operation = movers.decided({"a": "D"})
    movers.enter({"a": "15395H"})
    assert movers.history("a") == [("A", START, in_days(0)), ("15395H", in_days(0), None)]
    assert movers.undo(operation).json["code"] == "mouvement.gone_on"
    assert (movers.posts()["15395H"], entries(movers)["a"]["school_code"]) == ("a", "15395H")


def test_a_corrected_appointment_moves_the_first_day_of_the_first_post(movers):
    movers.heads("A", appointed_on="2062-09-01")
    assert movers.history("a") == [("A", "2062-09-01", None)]
    assert movers.move({"a": "D"}).json["errors"][0]["code"] == "mouvement.posted_since"
    movers.heads("A", appointed_on="2012-09-01")
    movers.decided({"a": "D"})
    late = {"ppr": "a", "school_code": "D", "email": "r@example.org", "appointed_on": in_days(0), **PERSON}
    (row,) = movers.officer.post(f"{movers.path}/principals/bulk", {"rows": [late]}).json["rows"]
    (why,) = row["problem"]["errors"]
    assert (why["code"], why["field"]) == ("import.appointed_too_late", "appointed_on"), why
    movers.enter({"a": "D"}, appointed_on=in_days(-1))
    assert movers.history("a") == [("A", in_days(-1), in_days(0)), ("D", in_days(0), None)]


def test_nobody_has_headed_a_school_before_it_opened(movers):
    movers.schools("E", opened_on="2020-09-01")
    began = []
    for appointed_on in ("2010-09-01", "2015-09-01", "2022-09-01", "2010-09-01"):
        movers.heads("E", appointed_on=appointed_on)
        began += movers.history("e")
    assert began == [("E", day, None) for day in ("2020-09-01", "2020-09-01", "2022-09-01", "2020-09-01")]


def test_between_delegations_moves_whoever_reaches_both(movers, province):
    ministry = province.driven.call(Role.MINISTRY_ADMINISTRATOR)
    academy = ministry.put("/v1/academies/by-code/FM", {"name_fr": "Fès", "name_ar": "فاس"}).json["id"]
    named = {"name_fr": "Sefrou", "name_ar": "صفرو", "academy_id": academy}
    there = ministry.put("/v1/delegations/by-code/SEF", named).json["id"]
    code = next(each["code"] for each in ministry.get("/v1/delegations").json["items"] if each["id"] != there)
    seen = ministry.get(f"/v1/delegations/by-code/{code}")
    ministry.put(f"/v1/delegations/by-code/{code}", named | {"name_fr": "Taounate"}, seen=seen)
    other = Movers(movers.driven, province.driven.call(Role.DELEGATION_OFFICER, unit_id=there), there)
    other.schools("X")
    region = province.driven.call(Role.ACADEMY_OFFICER, unit_id=academy)
    assert movers.move({"a": "X"}).json["errors"][0]["code"] == "mouvement.unknown_school"
    assert other.move({"a": "X"}).json["errors"][0]["code"] == "mouvement.unknown_principal"
    assert movers.move({"a": "X"}, by=movers.officer, scope=academy).status_code in (403, 404)
    seen = movers.move({"a": "X"}, by=region, scope=academy, dry_run=True).json
    assert [(each["changes_delegation"], each["changes_cycle"]) for each in seen["moves"]] == [(True, False)]
    operation = movers.decided({"a": "X"}, by=region, scope=academy)
    (told,) = movers.driven.told(PrincipalTransferred)
    assert (str(told.from_delegation_id), str(told.to_delegation_id)) == (str(movers.delegation_id), there)
    assert "a" in entries(other) and "a" not in entries(movers)
    assert movers.undo(operation, by=region).status_code == 200
    assert "a" in entries(movers) and "a" not in entries(other)
    school = other.officer.get(f"{other.path}/schools/by-code/X").json["id"]
    elsewhere = {"parent_id": str(movers.delegation_id), "effective_on": in_days(0)}
    assert region.post(f"/v1/units/{school}/move", elsewhere).status_code == 201
    assert [("X" in here.posts(day)) for here in (movers, other) for day in (-1, 0, 1)] == [
        False, True, True, True, False, False]  # fmt: skip
