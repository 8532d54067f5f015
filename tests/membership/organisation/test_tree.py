"""The tree of units: entered, changed by dated operations, seen as of any day, taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from peers import new_community, new_principal

from membership.app import service
from membership.joining.model.membership import Membership
from membership.moves.use_cases.taking import take_due_effects
from shared.domain.actor import Role
from shared.events import (
    CommunityMoved,
    DelegationRegistered,
    PrincipalRegistered,
    SchoolRegistered,
    UnitClosed,
    ZoneRegistered,
)

pytestmark = pytest.mark.both_databases

NAMES = {"name_fr": "Ghafsai", "name_ar": "غفساي"}
ZONE = {"kind": "pedagogical_zone", **NAMES}
TODAY = datetime.now(UTC).date()


def days(count: int) -> str:
    return (TODAY + timedelta(days=count)).isoformat()


class Land:
    """An academy, a Delegation with two zones, schools in them, one with a satellite; entered as people enter them."""

    def __init__(self, driven) -> None:
        self.driven = driven
        self.ministry = driven.call(Role.MINISTRY_ADMINISTRATOR)
        self.academy = self.put("academies/by-code/FM", NAMES)
        self.home = self.put("delegations/by-code/TAO", {**NAMES, "academy_id": self.academy})
        self.zones = [self.zone(code) for code in ("Z1", "Z2")]
        self.schools = [self.school(f"S{number}", zone_code=zone) for number, zone in enumerate(("Z1", "Z1", "Z2"))]
        self.satellite = self.school("S0A", main_code="S0")
        self.officer = driven.call(Role.DELEGATION_OFFICER, unit_id=self.home)

    def put(self, path: str, entry: dict) -> str:
        answer = self.ministry.put(f"/v1/{path}", entry)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    def zone(self, code: str, **more) -> str:
        return self.put(f"delegations/{self.home}/zones/by-code/{code}", ZONE | more)

    def school(self, code: str, **more) -> str:
        return self.put(f"delegations/{self.home}/schools/by-code/{code}", {"cycle": "primary", **NAMES, **more})

    def do(self, unit: str, verb: str, day: str = "", *, dry_run: bool = False, by=None, **wish):
        query = "?dry_run=true" if dry_run else ""
        return (by or self.ministry).post(f"/v1/units/{unit}/{verb}{query}", {"effective_on": day or days(0), **wish})

    def done(self, *args, **wish) -> str:
        answer = self.do(*args, **wish)
        assert answer.status_code == 201, answer.json
        return answer.json["operation"]["id"]

    def undo(self, operation: str, by=None):
        return (by or self.ministry).change(f"/v1/operations/{operation}/undo")

    def above(self, unit: str, day: str = "") -> list[str]:
        answer = self.ministry.get(f"/v1/units/{unit}/ancestors{f'?as_of={day}' if day else ''}")
        assert answer.status_code == 200, answer.json
        return [item["code"] for item in answer.json["items"]]

    def schools_now(self, delegation: str) -> dict[str, dict]:
        answer = self.ministry.get(f"/v1/delegations/{delegation}/schools?limit=200")
        return {item["code"]: item for item in answer.json["items"]}


@pytest.fixture
def land(drive):
    return Land(drive(service))


def split_wish(land, **more):
    return {"parts": [{"code": "GHA", "takes": [land.zones[0]], **NAMES}], **more}


def test_what_is_entered_stands_below_what_it_names(land):
    assert land.above(land.satellite) == ["S0", "Z1", "TAO", "FM", "MEN"]
    assert land.above(land.schools[2]) == ["Z2", "TAO", "FM", "MEN"]
    inner = land.zone("Z1B", around_code="z1", opened_on="2015-09-01")
    assert land.above(inner) == ["Z1", "TAO", "FM", "MEN"]
    assert land.ministry.get(f"/v1/units/{inner}?as_of=2015-08-31").json["code"] == "unit.not_found"
    assert land.ministry.get(f"/v1/units/{inner}?as_of=2015-09-01").json["parent_id"] == land.zones[0]
    found = land.officer.get(f"/v1/units?under={land.zones[0]}&level=school").json["items"]
    assert {item["code"] for item in found} == {"S0", "S1", "S0A"}
    everything = {item["code"] for item in land.officer.get("/v1/units?limit=200").json["items"]}
    assert everything == {"MEN", "FM", "TAO", "Z1", "Z1B", "Z2", "S0", "S1", "S2", "S0A"}
    assert land.schools_now(land.home)["S0A"]["zone_id"] is None
    told = [event.zone_id for event in land.driven.told(SchoolRegistered) if event.code == "S2"]
    assert [str(id) for id in told] == [land.zones[1]]
    assert [event.code for event in land.driven.told(ZoneRegistered)] == ["Z1", "Z2", "Z1B"]
    late = land.ministry.put(f"/v1/delegations/{land.home}/zones/by-code/Z9", ZONE | {"opened_on": days(1)})
    assert (late.status_code, late.json["code"]) == (422, "unit.opened_later")


def test_a_corrected_list_moves_a_school_from_today_on(land):
    path = f"/v1/delegations/{land.home}/schools/by-code/S0"
    seen = land.officer.get(path)
    moved = land.officer.put(path, {"cycle": "primary", **NAMES, "name_fr": "Autre", "zone_code": "z2"}, seen=seen)
    assert (moved.status_code, moved.json["zone_id"]) == (200, land.zones[1])
    assert land.above(land.satellite) == ["S0", "Z2", "TAO", "FM", "MEN"]
    assert land.above(land.satellite, days(-1)) == ["S0", "Z1", "TAO", "FM", "MEN"]
    history = land.officer.get(f"/v1/units/{land.schools[0]}/history").json["items"]
    assert [(span["since"], span["until"]) for span in history] == [("1900-01-01", days(0)), (days(0), None)]
    kept = land.officer.put(path, {"cycle": "primary", **NAMES}, seen=moved)
    assert kept.json["zone_id"] == land.zones[1]  # who does not speak of zones leaves them


def test_a_dry_run_tells_the_plan_and_changes_nothing(land):
    plan = land.do(land.home, "split", days(30), dry_run=True, **split_wish(land))
    assert plan.status_code == 200, plan.json
    assert plan.json["dry_run"] is True
    changed = {(change["code"], change["what"]) for change in plan.json["changes"]}
    assert changed == {("GHA", "opened"), ("Z1", "moved")}
    assert plan.json["consequences"]["schools"] == 3
    assert land.ministry.get("/v1/operations").json["items"] == []
    assert land.above(land.satellite, days(31)) == ["S0", "Z1", "TAO", "FM", "MEN"]
    assert land.ministry.get("/v1/delegations/by-code/GHA").status_code == 404


def people(land, count: int, community, school: str):
    now = datetime.now(UTC)
    people = [new_principal(community.delegation_id, school_code=school) for _ in range(count)]
    ids = [person.id for person in people]
    with land.driven.sessions.transaction() as session:
        session.add_all(people)
        session.flush()
        for person in people:
            membership = Membership.invite(community, person.id, answer_by=now + timedelta(days=1), now=now)
            membership.accept(person, channel="portal", now=now)
            session.add(membership)
    return ids


def test_a_split_takes_schools_people_and_communities_on_its_day_and_brings_them_back(land):
    from uuid import UUID

    leaving, torn = (new_community(UUID(land.home)) for _ in range(2))
    ids = [str(leaving.id), str(torn.id)]
    with land.driven.sessions.transaction() as session:
        session.add_all([leaving, torn])
        session.flush()
        session.expunge_all()
    people(land, 2, leaving, "S0")
    people(land, 1, leaving, "S2")
    people(land, 1, torn, "S1")
    people(land, 1, torn, "S2")
    operation = land.done(land.home, "split", days(0), **split_wish(land))
    part = land.ministry.get("/v1/delegations/by-code/GHA").json["id"]
    assert set(land.schools_now(part)) == {"S0", "S1", "S0A"}
    assert set(land.schools_now(land.home)) == {"S2"}
    assert land.ministry.get(f"/v1/communities/{ids[0]}").json["delegation_id"] == part
    assert land.ministry.get(f"/v1/communities/{ids[1]}").json["delegation_id"] == land.home
    assert [str(event.community_id) for event in land.driven.told(CommunityMoved)] == ids[:1]
    assert sum(str(event.delegation_id) == part for event in land.driven.told(PrincipalRegistered)) == 3
    assert [event.code for event in land.driven.told(DelegationRegistered)] == ["TAO", "GHA"]
    assert land.officer.get(f"/v1/communities/{ids[0]}").status_code == 404
    assert land.officer.post(f"/v1/operations/{operation}/undo").status_code == 403  # the academy's decision
    academy = land.driven.call(Role.ACADEMY_OFFICER, unit_id=land.academy)
    undone = land.undo(operation, by=academy)
    assert (undone.status_code, undone.json["state"]) == (200, "undone")
    assert set(land.schools_now(land.home)) == {"S0", "S1", "S0A", "S2"}
    assert land.ministry.get(f"/v1/communities/{ids[0]}").json["delegation_id"] == land.home
    assert [str(event.unit_id) for event in land.driven.told(UnitClosed)] == [part]
    assert land.ministry.get(f"/v1/units/{part}").status_code == 404
    assert land.undo(operation, by=academy).json["code"] == "operation.wrong_state"
    again = land.done(land.home, "split", days(0), **split_wish(land))
    assert land.ministry.get("/v1/delegations/by-code/GHA").json == {
        "id": part, "code": "GHA", "academy_id": land.academy, "closed_on": None, **NAMES
    }  # fmt: skip
    assert again != operation


def test_what_is_decided_for_later_is_history_at_once_and_present_on_the_day(land):
    operation = land.done(land.zones[0], "merge", days(10), merged=[land.zones[1]])
    assert land.above(land.schools[2]) == ["Z2", "TAO", "FM", "MEN"]
    assert land.above(land.schools[2], days(10)) == ["Z1", "TAO", "FM", "MEN"]
    assert land.above(land.schools[2], days(9)) == ["Z2", "TAO", "FM", "MEN"]
    later = land.do(land.schools[2], "move", days(5), parent_id=land.home)
    assert (later.status_code, later.json["code"]) == (409, "operation.later_change")
    assert operation in later.json["detail"]
    closing = land.ministry.put(
        f"/v1/delegations/{land.home}/schools/by-code/S9", {"cycle": "primary", **NAMES, "zone_code": "Z2"}
    )
    assert closing.json["code"] == "unit.parent_closed"
    before = datetime.now(UTC) + timedelta(days=9)
    with land.driven.sessions.transaction() as session:
        take_due_effects(session, before)
    assert land.ministry.get(f"/v1/operations/{operation}").json["state"] == "scheduled"
    assert land.schools_now(land.home)["S2"]["zone_id"] == land.zones[1]
    with land.driven.sessions.transaction() as session:
        take_due_effects(session, before + timedelta(days=1))
    assert land.ministry.get(f"/v1/operations/{operation}").json["state"] == "effective"
    assert land.schools_now(land.home)["S2"]["zone_id"] == land.zones[0]
    zone = land.ministry.get(f"/v1/delegations/{land.home}/zones/by-code/Z2").json
    assert zone["closed_on"] == days(10)
    assert land.ministry.get(f"/v1/units/{land.zones[1]}/history").json["items"][0]["until"] == days(10)


def test_what_would_leave_the_tree_unsound_is_refused(land):
    def code(*args, **wish) -> str:
        return land.do(*args, **wish).json["code"]

    inner = land.zone("Z1B", around_code="Z1")
    assert code(land.zones[0], "move", parent_id=inner) == "unit.circle_or_too_deep"
    assert code(land.home, "move", parent_id=land.zones[0]) == "unit.level_order"
    assert code(land.schools[0], "move", parent_id=land.schools[1]) == "unit.satellite_of_satellite"
    assert code(land.schools[1], "move", parent_id=land.satellite) == "unit.satellite_of_satellite"
    assert code(land.zones[0], "close") == "unit.parent_closed"
    assert code(land.zones[1], "move", parent_id=land.home) == "operation.nothing_changes"
    assert code(land.schools[2], "merge", merged=[land.zones[0]]) == "operation.not_alike"
    assert code(land.schools[2], "split", parts=[{"code": "X", "takes": [], **NAMES}]) == "operation.level_stays"
    part = {"code": "Z7", **NAMES}
    assert code(land.zones[0], "split", parts=[part | {"takes": [land.schools[2]]}]) == "operation.not_below"
    left = land.do(land.zones[0], "split", parts=[part | {"takes": [land.schools[0]]}], closes=True)
    assert left.json["code"] == "operation.children_left"
    assert code(land.home, "split", parts=[{"code": "TAO", "takes": [], **NAMES}]) == "unit.code_taken"
    assert code(land.zones[0], "open") == "unit.not_closed"
    first = land.done(land.schools[2], "move", days(-5), parent_id=land.home)
    second = land.done(land.zones[1], "close", days(-3))
    assert land.undo(first).json["code"] == "unit.parent_closed"
    assert land.undo(second).status_code == 200
    assert land.undo(first).status_code == 200
    assert land.above(land.schools[2]) == ["Z2", "TAO", "FM", "MEN"]


def test_an_officer_decides_below_their_unit_alone(land):
    other = land.put("delegations/by-code/FES", {**NAMES, "academy_id": land.academy})
    assert land.do(land.zones[0], "move", by=land.officer, parent_id=other).status_code == 403
    assert land.do(land.home, "rename", by=land.officer, **NAMES).status_code == 403
    assert land.do(other, "rename", by=land.officer, **NAMES).status_code == 404
    operation = land.done(land.zones[0], "rename", by=land.officer, name_fr="Zone Nord", name_ar="المنطقة الشمالية")
    assert [item["id"] for item in land.officer.get("/v1/operations").json["items"]] == [operation]
    stranger = land.driven.call(Role.DELEGATION_OFFICER, unit_id=other)
    assert stranger.get("/v1/operations").json["items"] == []
    assert stranger.get(f"/v1/operations/{operation}").status_code == 404
    assert land.ministry.get(f"/v1/units/{land.zones[0]}?as_of={days(-1)}").json["name_fr"] == "Ghafsai"
    assert land.ministry.get(f"/v1/delegations/{land.home}/zones/by-code/Z1").json["name_fr"] == "Zone Nord"


def test_levels_are_called_as_the_ministry_decides(land):
    anyone = land.driven.call(Role.PRINCIPAL)
    names = [level["level"] for level in anyone.get("/v1/levels").json["items"]]
    assert names == ["ministry", "academy", "delegation", "zone", "school"]
    seen = anyone.get("/v1/levels/delegation")
    assert seen.json["one_fr"] == "délégation"
    wish = {"one_fr": "direction provinciale", "many_fr": "directions provinciales", "one_ar": "مديرية إقليمية",
            "many_ar": "مديريات إقليمية", "one_en": "provincial office", "many_en": "provincial offices"}  # fmt: skip
    assert anyone.put("/v1/levels/delegation", wish, seen=seen).status_code == 403
    changed = land.ministry.put("/v1/levels/delegation", wish, seen=seen)
    assert changed.json["many_ar"] == "مديريات إقليمية"
    assert land.ministry.put("/v1/levels/delegation", wish, seen=seen).status_code == 412
    assert anyone.get("/v1/levels").json["items"][2]["one_fr"] == "direction provinciale"
