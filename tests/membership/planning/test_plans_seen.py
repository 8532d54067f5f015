"""Plans looked at: explained, drawn; distances by road, who is far, and whole rounds of plans."""

import json
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from planned import groups_of, in_days, planned, read, settle
from sqlalchemy import update

from membership.organisation.model.organisation import Delegation, School
from membership.planning.use_cases import asking
from shared.domain.actor import Role


@pytest.fixture
def valleys(province):
    return settle(province.driven, province.delegation_id)


def test_an_explanation_says_what_another_group_would_cost_and_which_bound_forbids_it(province, valleys):
    plan = planned(province, least=6, mix_cycles=False)
    (person, *_), groups = valleys[0].principal_ids, groups_of(province, plan["id"])
    told = province.officer.get(f"/v1/plans/{plan['id']}/places/{person}/explanation").json
    assert told["group"] == groups[person] and told["nearest_hosts"][0]["group"] == groups[person]
    (other,) = told["alternatives"]
    assert other["group"] == 3 - groups[person] and other["km"] > 30
    assert other["alone"]["travel_km"] == pytest.approx(other["km"] - told["km"], abs=0.2)
    assert {broken["code"] for broken in other["alone"]["forbidden_by"]} == {"plan.group_small"}
    assert other["exchange"]["exchanged_with"] in {str(id) for id in valleys[1].principal_ids}
    assert other["exchange"]["travel_km"] > 60 and other["exchange"]["forbidden_by"] == []
    moves = {"moves": [{"principal_id": str(person), "group": 3 - groups[person]}]}
    moved = province.officer.change(f"/v1/plans/{plan['id']}/moves", moves).json
    assert moved["figures"]["total_km"] - plan["figures"]["total_km"] == pytest.approx(
        other["alone"]["travel_km"], abs=0.2
    )
    assert [(s["code"], s["missing"]) for s in moved["shortfalls"]] == [("plan.group_small", 1)]
    fixed = province.officer.get(f"/v1/plans/{plan['id']}/places/{person}/explanation").json
    assert "plan.fixed_there" in {broken["code"] for broken in fixed["alternatives"][0]["alone"]["forbidden_by"]}
    nobody = province.officer.get(f"/v1/plans/{plan['id']}/places/{uuid4()}/explanation")
    assert (nobody.status_code, nobody.json["code"]) == (404, "plan.no_such_place")


def test_groups_that_would_bear_one_name_are_numbered(province, valleys):
    with province.driven.sessions.transaction() as session:
        session.execute(update(School).values(name_fr="AL MASSIRA", name_ar="المسيرة"))
    names = [(group["name_fr"], group["name_ar"]) for group in planned(province)["groups"]]
    assert names == [("CPP AL MASSIRA (1)", "جماعة المسيرة (1)"), ("CPP AL MASSIRA (2)", "جماعة المسيرة (2)")]


def test_a_map_shows_people_hosts_and_outlines_and_names_nobody(province, valleys):
    plan = planned(province, farthest_km=1)
    told = province.officer.get(f"/v1/plans/{plan['id']}/map.geojson")
    assert told.headers["Content-Type"] == "application/geo+json"
    features = json.loads(told.text)["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert [kinds.count(kind) for kind in ("group", "host", "principal")] == [2, 2, 12]
    ids = {feature["id"] for feature in features if feature["properties"]["kind"] == "principal"}
    assert ids == {str(id) for valley in valleys for id in valley.principal_ids}
    picture = province.officer.get(f"/v1/plans/{plan['id']}/map", headers={"Accept-Language": "ar"})
    assert picture.headers["Content-Type"].startswith("image/svg+xml") and picture.headers["Content-Language"] == "ar"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]
    root = ElementTree.fromstring(picture.text)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any("تاونات" in text for text in texts) and any("جماعة مدرسة" in text for text in texts)
    french = province.officer.get(f"/v1/plans/{plan['id']}/map", headers={"Accept-Language": "fr"}).text
    assert "Proposition de communautés" in french and french.count('r="9.5"') > 1  # who is far is ringed
    assert not any("Meknassi" in text or "المكناسي" in text for text in (told.text, picture.text, french))
    ElementTree.fromstring(french)


def test_given_distances_count_and_the_others_are_as_the_crow_flies(province, valleys):
    near, far = valleys
    path = f"/v1/delegations/{province.delegation_id}/distances"
    rows = [{"from_code": near.codes[0], "to_code": code, "minutes": 45} for code in near.codes[1:]]
    rows.append({"from_code": near.codes[0], "to_code": far.codes[0], "km": 100})
    kept = province.officer.put(path, {"rows": rows})
    assert (kept.status_code, kept.json) == (200, {"pairs": 6})
    assert province.officer.put(path, {"rows": rows}).json == {"pairs": 6}
    plan = planned(province, mix_cycles=False, mix_genders=False)
    assert plan["figures"]["worst_km"] == 30  # 45 minutes at 40 km/h
    assert plan["figures"]["distances_given"] == 12 and plan["figures"]["distances_as_the_crow_flies"] == 12 * 11 - 12
    unknown = province.officer.put(path, {"rows": [{"from_code": near.codes[0], "to_code": "ELSEWHERE", "km": 1}]})
    assert (unknown.status_code, unknown.json["code"]) == (422, "plan.unknown")
    both = province.officer.put(path, {"rows": [rows[0] | {"km": 3}]})
    assert both.status_code == 422
    assert province.officer.delete(path).status_code == 204
    assert planned(province)["figures"]["worst_km"] < 5


def test_who_is_far_is_listed_until_a_measure_is_recorded(province, valleys):
    plan = planned(province)
    (person, *_), path = valleys[0].principal_ids, f"/v1/delegations/{province.delegation_id}"
    other = 3 - groups_of(province, plan["id"])[person]
    moves = {"moves": [{"principal_id": str(person), "group": other}]}
    province.officer.change(f"/v1/plans/{plan['id']}/moves", moves)
    assert province.officer.get(f"{path}/far").json["items"] == []  # nobody has a community yet
    province.officer.change(f"/v1/plans/{plan['id']}/adopt", {"answer_by": in_days(9)})
    adopted = read(province, plan["id"]).json["groups"]
    (far,) = province.officer.get(f"{path}/far?beyond_km=30&without_measure=true").json["items"]
    assert far["principal_id"] == str(person) and far["km"] > 30 and far["measures"] == []
    assert far["community_id"] == adopted[other - 1]["community_id"]
    measures = {"measures": ["shared_transport", "remote_attendance"]}
    for _ in range(2):
        put = province.officer.put(f"{path}/measures/{person}", measures)
        assert (put.status_code, put.json["measures"]) == (200, ["remote_attendance", "shared_transport"])
    assert province.officer.get(f"{path}/far?without_measure=true").json["items"] == []
    assert province.officer.get(f"{path}/far").json["items"][0]["measures"] == put.json["measures"]
    assert province.officer.put(f"{path}/measures/{person}", {"measures": []}).json["measures"] == []
    assert province.officer.put(f"{path}/measures/{uuid4()}", measures).status_code == 422
    near = province.officer.get(f"{path}/far?beyond_km=0&limit=5").json
    more = province.officer.get(f"{path}/far?beyond_km=0&limit=50&after={near['next']}").json
    ids = [far["principal_id"] for far in near["items"] + more["items"]]
    assert len(near["items"]) == 5 and ids == sorted(set(ids)) and len(ids) == 10 and more["next"] is None


def test_a_round_plans_every_delegation_in_reach(province, valleys):
    other = Delegation.register(code=uuid4().hex[:8], name_fr="Taza", name_ar="تازة")
    empty = Delegation.register(code=uuid4().hex[:8], name_fr="Figuig", name_ar="فجيج")
    with province.driven.sessions.transaction() as session:
        session.add_all([other, empty])
        session.flush()
        other_id = other.id
    settle(province.driven, other_id, mark="T")
    wish = {"least": 5, "most": 7, "wanted": 6, "seconds": 0.5}
    asked = province.ministry.post("/v1/planning-rounds", wish)
    assert asked.status_code == 202 and (asked.json["total"], asked.json["done"]) == (2, 0)
    twice = province.ministry.post("/v1/planning-rounds", wish)
    assert (twice.status_code, twice.json["code"]) == (409, "planning_round.under_way")
    assert province.ministry.post("/v1/planning-rounds", wish | {"seconds": 120}).status_code == 422
    province.driven.work()
    path = f"/v1/planning-rounds/{asked.json['id']}"
    done = province.ministry.get(path).json
    assert (done["total"], done["done"], done["failed"]) == (2, 2, 0)
    lines = {UUID(line["delegation_id"]): line for line in done["plans"]}
    assert lines.keys() == {province.delegation_id, other_id}
    assert all(line["state"] == "ready" and line["groups"] == 2 and line["people"] == 12 for line in lines.values())
    assert province.officer.get(path).status_code == 404
    mine = province.officer.post("/v1/planning-rounds", wish).json
    assert [line["delegation_id"] for line in mine["plans"]] == [str(province.delegation_id)]
    stranger = province.driven.call(Role.DELEGATION_OFFICER, unit_id=uuid4())
    assert stranger.post("/v1/planning-rounds", wish).json["total"] == 0
    assert stranger.get(f"/v1/planning-rounds/{mine['id']}").status_code == 404


def test_what_is_too_large_for_a_plan_is_seen_to_fail_in_a_round(sqlite_province, monkeypatch):
    province = sqlite_province
    settle(province.driven, province.delegation_id)
    monkeypatch.setattr(asking, "MOST_PEOPLE", 11)
    asked = province.ministry.post("/v1/planning-rounds", {"seconds": 0.5}).json
    assert (asked["total"], asked["done"], asked["failed"]) == (1, 1, 1)
    assert (asked["plans"][0]["state"], asked["plans"][0]["progress"]) == ("failed", None)
