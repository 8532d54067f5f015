"""Plans: asked for, computed beside the request, adjusted by hand, computed anew, given up."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from planned import WISH, groups_of, planned, read, settle
from sqlalchemy import update

from membership.organisation.model.organisation import School
from membership.people.model.people import Principal
from membership.people.model.posting import Absence, Posting
from membership.planning.model.plan import Plan, PlanState
from shared.domain.jobs import Job


@pytest.fixture
def valleys(province):
    return settle(province.driven, province.delegation_id)


def test_a_plan_puts_neighbours_together_and_shows_its_figures(province, valleys):
    one, other = valleys
    asked = province.officer.post(f"/v1/delegations/{province.delegation_id}/plans", WISH)
    assert asked.status_code == 202 and asked.json["state"] == "asked" and asked.json["figures"] is None
    assert asked.json["progress"]["state"] == "waiting"
    province.driven.work()
    plan = read(province, asked.json["id"]).json
    assert plan["state"] == "ready" and plan["progress"]["state"] == "done"
    groups = groups_of(province, plan["id"])
    assert len({groups[id] for id in one.principal_ids}) == 1 == len({groups[id] for id in other.principal_ids})
    assert len(set(groups.values())) == 2
    figures = plan["figures"]
    assert figures["people"] == 12 and figures["far"] == 0 and figures["worst_km"] < 5 and plan["shortfalls"] == []
    assert [group["size"] for group in figures["groups"]] == [6, 6]
    assert figures["groups"][0]["cycles"] == {"primary": 4, "lower_secondary": 1, "upper_secondary": 1}
    assert figures["groups"][0]["genders"] == {"female": 3, "male": 3}
    assert figures["placed_by"] == {"school": 12, "zone": 0, "delegation": 0, "nowhere": 0}
    assert [group["name_fr"] for group in plan["groups"]] == [f"CPP École {g['host_code']}" for g in plan["groups"]]
    listed = province.officer.get(f"/v1/delegations/{province.delegation_id}/plans").json["items"]
    assert [line["id"] for line in listed] == [plan["id"]]


def test_bounds_that_cannot_be_met_are_told_with_by_how_much(province, valleys):
    plan = planned(province, least=8, most=9, wanted=8, groups=2, mix_genders=False)
    told = {(s["code"], s["name"], s["group"]): s["missing"] for s in plan["shortfalls"]}
    assert told["plan.too_few", "", None] == 4
    plan = planned(province, least=3, most=5, wanted=4, groups=3)
    (rare, *_) = [s for s in plan["shortfalls"] if s["group"] is None]
    assert rare["missing"] == 1 and "«" in rare["reason"]
    english = province.officer.get(f"/v1/plans/{plan['id']}", headers={"Accept-Language": "en"}).json
    assert "secondary" in english["shortfalls"][0]["reason"] and " 1 of " in english["shortfalls"][0]["reason"]
    assert plan["figures"]["seconds"] < 10


def test_who_is_fixed_left_out_absent_or_erased_is_planned_so(province, valleys):
    one, other = valleys
    fixed, out, away, erased = one.principal_ids[0], one.principal_ids[1], one.principal_ids[2], one.principal_ids[3]
    with province.driven.sessions.transaction() as session:
        on = {"starts_on": session.get(Principal, away).appointed_on}
        session.add(Posting(principal_id=away, absence=Absence.ON_LEAVE, school_id=None, **on))
    assert (
        province.ministry.post(
            f"/v1/principals/{erased}/erase", {"reason": "own_wish"}, headers={"If-Match": "*"}
        ).status_code
        == 200
    )
    plan = planned(
        province,
        least=1,
        most=9,
        hosts=[other.codes[0].lower(), one.codes[0]],
        fixed=[{"principal_id": str(fixed), "group": 1}],
        excluded=[{"principal_id": str(out), "reason": "about_to_leave"}],
        mix_cycles=False,
    )
    groups = groups_of(province, plan["id"])
    assert groups[fixed] == 1 and groups[other.principal_ids[0]] == 1 and groups[one.principal_ids[4]] == 2
    assert not {out, away, erased} & groups.keys() and len(groups) == 9
    assert [group["host_code"] for group in plan["groups"]] == [other.codes[0], one.codes[0]]
    assert (plan["figures"]["excluded"], plan["figures"]["absent"]) == (1, 1)
    assert plan["excluded"] == [{"principal_id": str(out), "reason": "about_to_leave"}]
    assert set(groups_of(province, plan["id"], "&group=2")) == {id for id, group in groups.items() if group == 2}
    assert set(groups_of(province, plan["id"], "&beyond_km=30")) == {fixed}


def test_plans_are_not_heaped_up_before_everybody_elses_work(province, valleys):
    path = f"/v1/delegations/{province.delegation_id}/plans"
    answers = [province.officer.post(path, WISH).status_code for _ in range(6)]
    assert answers == [202] * 5 + [409]
    assert province.officer.post(path, WISH).json["code"] == "plan.too_many_waiting"


def test_a_wish_about_strangers_or_with_crossed_bounds_is_refused(province, valleys):
    path, me = f"/v1/delegations/{province.delegation_id}/plans", str(valleys[0].principal_ids[0])
    stranger = province.officer.post(path, {"fixed": [{"principal_id": str(uuid4()), "group": 1}], "hosts": ["NO"]})
    assert stranger.status_code == 422 and stranger.json["code"] == "plan.unknown"
    assert {error["code"] for error in stranger.json["errors"]} == {"principal.not_here", "plan.unknown_school"}
    for wish in (
        {"least": 9, "most": 8},
        {"fixed": [{"principal_id": me, "group": 1}], "excluded": [{"principal_id": me, "reason": "other"}]},
        {"together": [{"principal_id": me, "other_id": me}]},
    ):
        assert province.officer.post(path, wish).status_code == 422


def test_a_delegation_without_principals_has_no_plan(province):
    refused = province.officer.post(f"/v1/delegations/{province.delegation_id}/plans", WISH)
    assert (refused.status_code, refused.json["code"]) == (409, "plan.nobody")


def test_where_everybody_is_left_out_or_has_gone_nothing_is_computed(province, valleys):
    excluded = [{"principal_id": str(id), "reason": "other"} for valley in valleys for id in valley.principal_ids]
    path = f"/v1/delegations/{province.delegation_id}/plans"
    refused = province.officer.post(path, WISH | {"excluded": excluded})
    assert (refused.status_code, refused.json["code"]) == (409, "plan.nobody")
    plan = planned(province, excluded=excluded[:6])
    with province.driven.sessions.transaction() as session:
        session.execute(
            update(Principal).where(Principal.id.in_(valleys[1].principal_ids)).values(erased_at=datetime.now(UTC))
        )
    refused = province.officer.change(f"/v1/plans/{plan['id']}/recompute", {"seconds": 1})
    assert (refused.status_code, refused.json["code"]) == (409, "plan.nobody")
    assert read(province, plan["id"]).json["state"] == "ready"


def test_moves_by_hand_change_the_figures_and_can_be_taken_back(province, valleys):
    plan = planned(province)
    path, (mover, *_) = f"/v1/plans/{plan['id']}", valleys[0].principal_ids
    before = read(province, plan["id"])
    there = 3 - groups_of(province, plan["id"])[mover]
    moves = {"moves": [{"principal_id": str(mover), "group": there}]}
    assert province.officer.post(f"{path}/moves", moves).status_code == 428
    moved = province.officer.post(f"{path}/moves", moves, seen=before)
    assert moved.status_code == 200 and moved.json["figures"]["worst_km"] > 30 and moved.json["figures"]["far"] == 1
    assert sorted(group["size"] for group in moved.json["figures"]["groups"]) == [5, 7]
    assert province.officer.post(f"{path}/moves", moves, seen=before).status_code == 412  # somebody else's view of it
    for wrong in ({"principal_id": str(uuid4()), "group": 1}, {"principal_id": str(mover), "group": 3}):
        refused = province.officer.post(f"{path}/moves", {"moves": [wrong]}, seen=moved)
        assert (refused.status_code, refused.json["code"]) == (422, "plan.unknown")
    again = province.officer.post(f"{path}/moves", moves, seen=moved)
    assert again.status_code == 200 and again.headers["ETag"] != moved.headers["ETag"]
    undone = province.officer.delete(f"{path}/moves/{mover}", seen=again)
    assert undone.status_code == 200 and undone.json["figures"]["worst_km"] == plan["figures"]["worst_km"]
    assert moved.json["figures"]["cost_km"] == pytest.approx(moved.json["figures"]["total_km"], abs=0.1)
    assert undone.json["figures"]["cost_km"] == pytest.approx(plan["figures"]["cost_km"], abs=0.1)
    assert groups_of(province, plan["id"])[mover] == 3 - there
    assert province.officer.delete(f"{path}/moves/{mover}", seen=undone).json["code"] == "plan.not_moved"
    assert province.officer.delete(f"{path}/moves/{uuid4()}", seen=undone).json["code"] == "plan.no_such_place"


def test_computed_anew_whoever_is_fixed_stays_and_groups_keep_their_numbers(province, valleys):
    plan = planned(province)
    path, (mover, *_) = f"/v1/plans/{plan['id']}", valleys[0].principal_ids
    before = groups_of(province, plan["id"])
    there = 3 - before[mover]
    moved = province.officer.change(f"{path}/moves", {"moves": [{"principal_id": str(mover), "group": there}]})
    assert moved.json["shortfalls"] == []
    asked = province.officer.change(f"{path}/recompute", {"seconds": 1})
    assert asked.status_code == 202 and asked.json["state"] == "asked"
    meanwhile = province.officer.change(f"{path}/moves", {"moves": [{"principal_id": str(mover), "group": 1}]})
    assert (meanwhile.status_code, meanwhile.json["code"]) == (409, "plan.wrong_state")
    province.driven.work()
    assert groups_of(province, plan["id"]) == before | {mover: there}
    places = province.officer.get(f"{path}/places?limit=200").json["items"]
    assert [place["principal_id"] for place in places if place["is_fixed"]] == [str(mover)]
    assert all(place["previous"] == place["group"] for place in places)
    freed = province.officer.delete(f"{path}/moves/{mover}", seen=read(province, plan["id"]))
    assert freed.status_code == 200 and groups_of(province, plan["id"])[mover] == there
    province.officer.change(f"{path}/recompute", {"seconds": 1})
    province.driven.work()
    assert groups_of(province, plan["id"]) == before
    assert province.officer.change(f"{path}/discard").json["state"] == "discarded"
    assert province.officer.change(f"{path}/recompute").json["code"] == "plan.wrong_state"


def test_a_computation_that_fails_is_told_and_can_be_asked_again(province, valleys):
    asked = province.officer.post(f"/v1/delegations/{province.delegation_id}/plans", WISH).json
    with province.driven.sessions.transaction() as session:
        service = province.driven.service
        service.jobs.handlers["plan"].failed(session, UUID(asked["id"]))
        service.jobs.handlers["plan"].failed(session, uuid4())
    assert read(province, asked["id"]).json["state"] == "failed"
    assert province.officer.change(f"/v1/plans/{asked['id']}/recompute", {"seconds": 1}).status_code == 202
    province.driven.work()
    assert read(province, asked["id"]).json["state"] == "ready"


def test_whoever_is_erased_leaves_plans_without_a_trace(province, valleys):
    gone, peer = valleys[0].principal_ids[:2]
    plan = planned(province, together=[{"principal_id": str(peer), "other_id": str(gone)}])
    assert (
        province.ministry.post(
            f"/v1/principals/{gone}/erase", {"reason": "own_wish"}, headers={"If-Match": "*"}
        ).status_code
        == 200
    )
    assert gone not in groups_of(province, plan["id"])
    assert read(province, plan["id"]).json["together"] == []
    path = f"/v1/plans/{plan['id']}"
    other = 3 - groups_of(province, plan["id"])[peer]
    moved = province.officer.change(f"{path}/moves", {"moves": [{"principal_id": str(peer), "group": other}]})
    assert moved.json["figures"]["people"] == 11


def test_who_has_no_position_stands_in_the_middle_and_is_told_so(province, valleys):
    lost = valleys[0].codes[0]
    with province.driven.sessions.transaction() as session:
        session.execute(update(School).where(School.code == lost).values(longitude=None, latitude=None))
    plan = planned(province)
    assert plan["figures"]["placed_by"] == {"school": 11, "zone": 0, "delegation": 1, "nowhere": 0}
    with province.driven.sessions.transaction() as session:
        session.execute(update(School).values(longitude=None, latitude=None))
    plan = planned(province)
    assert plan["figures"]["placed_by"]["nowhere"] == 12 and plan["state"] == "ready"
    picture = province.officer.get(f"/v1/plans/{plan['id']}/map")
    assert picture.status_code == 200


def test_two_jobs_for_one_plan_write_it_once(province, valleys):
    plan = planned(province)
    version = read(province, plan["id"]).headers["ETag"]
    with province.driven.sessions.transaction() as session:
        session.execute(update(Job).values(state="waiting"))
    province.driven.work()
    assert read(province, plan["id"]).headers["ETag"] == version
    with province.driven.sessions.reader() as session:
        assert session.get(Plan, UUID(plan["id"])).state is PlanState.READY
