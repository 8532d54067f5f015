"""What is decided for a later day: who may, what comes of it where things changed meanwhile, and who is told."""

import importlib
import json
from datetime import UTC, datetime, time
from uuid import UUID, uuid4

import pytest
from movers import in_days
from regions import NAMES, Region
from sqlalchemy import update

from membership.app import service
from membership.moves.use_cases.taking import take_due_effects
from membership.organisation.model.history import History
from membership.organisation.model.levels import Level
from membership.organisation.model.operation import Operation
from membership.organisation.model.standing import Standing
from membership.organisation.model.tree import Tree
from shared.domain.actor import Role

pytestmark = pytest.mark.both_databases

SOON = 3  # days


@pytest.fixture
def region(drive, attitudes) -> Region:
    return Region(drive(service), attitudes)


def planned(region: Region, unit: str, verb: str, days: int = SOON, **wish) -> str:
    answer = region.do(unit, verb, effective_on=in_days(days), **wish)
    assert answer.status_code == 201, answer.json
    return answer.json["operation"]["id"]


def its_day_has_come(region: Region, operation: str) -> None:
    """Nobody has seen to it yet."""
    with region.driven.sessions.transaction() as session:
        found = session.get_one(Operation, UUID(operation))
        day, today = found.effective_on, datetime.now(UTC).date()
        changes = json.loads(json.dumps(found.changes).replace(day.isoformat(), today.isoformat()))
        session.execute(update(Operation).where(Operation.id == found.id).values(effective_on=today, changes=changes))
        for moment in ("starts_on", "ends_on"):
            when = getattr(Standing, moment)
            session.execute(update(Standing).where(when == day).values({moment: today}))


def tick(region: Region, days: int = 0) -> None:
    with region.driven.sessions.transaction() as session:
        take_due_effects(session, datetime.combine(datetime.fromisoformat(in_days(days)), time(), UTC))


def read(region: Region, operation: str) -> dict:
    return region.ministry.get(f"/v1/operations/{operation}").json


def parent(region: Region, unit: str, days: int = 0) -> str:
    return region.ministry.get(f"/v1/units/{region.ids[unit]}?as_of={in_days(days)}").json["parent_id"]


def delegation(region: Region, code: str) -> None:
    region.ids[code] = region._put(f"delegations/by-code/{code}", {**NAMES, "academy_id": None})


def test_a_list_that_comes_before_the_clock_changes_nothing_of_what_was_decided_for_today(region):
    operation = planned(region, "A1a", "move", parent_id="B")
    its_day_has_come(region, operation)
    path = f"/v1/{region.path('A')}/schools/by-code/A1a"
    again = region.ministry.put(path, {"cycle": "primary", **NAMES}, seen=region.ministry.get(path))
    assert again.status_code == 200, again.json
    assert parent(region, "A1a") == str(region.ids["B"])
    tick(region)
    assert read(region, operation)["state"] == "effective"
    region.demand_sound()
    assert region.undo(operation).status_code == 200
    region.demand_sound()


def test_what_an_office_may_decide_is_asked_of_the_day_for_which_it_decides(region):
    planned(region, "A1", "move", 10, parent_id="B")
    officer = region.driven.call(Role.DELEGATION_OFFICER, unit_id=region.ids["A"])
    for verb, wish in (("move", {"parent_id": str(region.ids["A"])}), ("rename", NAMES | {"name_fr": "Rif"})):
        answer = officer.post(f"/v1/units/{region.ids['A1']}/{verb}", {"effective_on": in_days(11), **wish})
        assert answer.status_code == 403, (verb, answer.json)


def test_the_offices_of_what_is_changed_see_what_was_decided_above_them(region):
    operation = planned(region, "A1", "move", parent_id="B")
    delegation(region, "C")
    for code, sees in (("A", True), ("B", True), ("C", False)):
        officer = region.driven.call(Role.DELEGATION_OFFICER, unit_id=region.ids[code])
        shown = officer.get(f"/v1/operations/{operation}")
        listed = [item["id"] for item in officer.get("/v1/operations").json["items"]]
        assert (shown.status_code, listed) == ((200, [operation]) if sees else (404, [])), code
        undone = officer.post(f"/v1/operations/{operation}/undo", headers={"If-Match": "*"})
        assert undone.status_code == (403 if sees else 404)


def test_what_cannot_take_effect_on_its_day_is_refused_at_once(region):
    for code in ("C", "D"):
        delegation(region, code)
    assert region.plan_more("C").status_code == 201
    planned(region, "D", "merge", merged=["C"])
    refused = region.do("D", "close", effective_on=in_days(SOON + 1))
    assert (refused.status_code, refused.json["code"]) == (409, "unit.people_left")


def test_what_is_in_the_way_on_the_day_is_said_and_keeps_no_other_waiting(region, monkeypatch):
    monkeypatch.setattr(importlib.import_module("membership.organisation.queries.tree"), "AT_ONCE", 1)
    delegation(region, "C")
    closing = planned(region, "C", "close")
    moving = planned(region, "A1", "move", SOON + 1, parent_id="B")
    assert region.plan_more("C").status_code == 201
    for _ in range(2):
        tick(region, SOON + 1)
    assert read(region, moving)["state"] == "effective"
    found = read(region, closing)
    assert (found["state"], found["hindrance"]["code"]) == ("scheduled", "unit.people_left")
    assert "C" in found["hindrance"]["reason"]
    listed = region.ministry.get("/v1/operations?state=scheduled").json["items"]
    assert [item["id"] for item in listed] == [closing]
    assert region.undo(closing).json["hindrance"] is None


def test_a_unit_that_is_still_to_open_can_be_changed_for_the_time_after(region):
    first = split(region, "A1", "A9", SOON)
    region.ids["A9"] = UUID(read(region, first)["changes"][0]["unit_id"])
    second = split(region, "A9", "A10", SOON + 1)
    tick(region, SOON + 1)
    assert {read(region, each)["state"] for each in (first, second)} == {"effective"}


def split(region: Region, unit: str, code: str, days: int) -> str:
    part = {"code": code, **NAMES, "takes": [str(region.ids["A1a"])]}
    wish = {"effective_on": in_days(days), "parts": [part]}
    answer = region.ministry.post(f"/v1/units/{region.ids[unit]}/split", wish)
    assert answer.status_code == 201, answer.json
    return answer.json["operation"]["id"]


def test_what_a_list_corrects_before_the_day_stays_correct_on_it_and_when_it_is_undone(region):
    moving = planned(region, "A1", "move", parent_id="B")
    renaming = planned(region, "A2a", "rename", **NAMES | {"name_fr": "Rif"})
    zone, school = f"/v1/{region.path('A')}/zones/by-code/A1", f"/v1/{region.path('A')}/schools/by-code/A2a"
    corrected = {"kind": "school_basin", **NAMES, "name_fr": "Juste"}
    assert region.ministry.put(zone, corrected, seen=region.ministry.get(zone)).status_code == 200
    placed = {"cycle": "primary", **NAMES, "zone_code": None}
    assert region.ministry.put(school, placed, seen=region.ministry.get(school)).status_code == 200
    tick(region, SOON)
    assert region.ministry.get(f"/v1/{region.path('B')}/zones/by-code/A1").json["name_fr"] == "Juste"
    seen = region.ministry.get(school).json
    assert (seen["name_fr"], seen["zone_id"]) == ("Rif", None)
    for operation in (moving, renaming):
        assert region.undo(operation).status_code == 200
    region.demand_sound()
    seen = region.ministry.get(school).json
    assert (seen["name_fr"], seen["zone_id"]) == ("Atlas", None)


def test_a_name_that_was_corrected_since_keeps_no_operation_from_being_undone(region):
    moved = planned(region, "A1", "move", 0, parent_id="B")
    path = f"/v1/{region.path('B')}/zones/by-code/A1"
    corrected = {"kind": "school_basin", **NAMES, "name_fr": "Juste"}
    assert region.ministry.put(path, corrected, seen=region.ministry.get(path)).status_code == 200
    assert region.undo(moved).status_code == 200
    assert parent(region, "A1") == str(region.ids["A"])
    assert region.ministry.get(f"/v1/units/{region.ids['A1']}").json["name_fr"] == "Juste"
    region.demand_sound()


def test_undoing_gives_back_what_was_changed_and_leaves_what_was_corrected():
    unit, wrong, right, operation = (uuid4() for _ in range(4))
    today = datetime.now(UTC).date()
    row = Standing(unit_id=unit, level=Level.SCHOOL, parent_id=wrong, code="S", starts_on=today, **NAMES)
    (change,) = Tree([row], today).rename(unit, name_fr="Rif", name_ar="الريف")
    history = History.of([row])
    history.write(change, today, operation)
    history.last(unit).place(right)
    history.take_back(change, today, operation)
    assert (history.last(unit).parent_id, history.last(unit).name_fr) == (right, "Atlas")
