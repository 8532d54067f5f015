"""Plans adopted: groups become communities, all are invited, once; and plans beside each other and beside today."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from peers import new_community
from planned import groups_of, in_days, planned, read, settle

from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Delegation
from membership.people.model.people import Principal
from shared.events import CommunityPlanned, MemberInvited

pytestmark = pytest.mark.both_databases


@pytest.fixture
def valleys(province):
    return settle(province.driven, province.delegation_id)


def adopt(province, plan, **wish):
    return province.officer.change(f"/v1/plans/{plan['id']}/adopt", {"answer_by": in_days(20)} | wish)


def invited_to(province, community_id) -> set[UUID]:
    members = province.officer.get(f"/v1/communities/{community_id}/members?limit=200").json["items"]
    return {UUID(member["principal_id"]) for member in members if member["state"] in ("invited", "member")}


def test_an_adopted_plan_invites_everybody_once_and_makes_nobody_a_member(province, valleys):
    plan = planned(province)
    names = [{"group": 2, "name_fr": "CPP de la vallée", "name_ar": "جماعة الوادي"}]
    adopted = adopt(province, plan, names=names)
    assert adopted.status_code == 200 and adopted.json["state"] == "adopted"
    first, second = adopted.json["groups"]
    assert (second["name_fr"], second["name_ar"]) == ("CPP de la vallée", "جماعة الوادي")
    groups = groups_of(province, plan["id"])
    for group in (first, second):
        assert invited_to(province, group["community_id"]) == {id for id, n in groups.items() if n == group["group"]}
    community = province.officer.get(f"/v1/communities/{first['community_id']}").json
    assert (community["state"], community["is_home"], community["name_fr"]) == ("forming", True, first["name_fr"])
    assert len(province.driven.told(MemberInvited)) == 12 and len(province.driven.told(CommunityPlanned)) == 2
    again = adopt(province, plan)
    assert (again.status_code, again.json["code"]) == (409, "plan.wrong_state")
    assert len(province.driven.told(MemberInvited)) == 12


def test_whoever_has_a_home_keeps_it_unless_they_are_to_be_invited_too(province, valleys, attitudes):
    at_home = valleys[0].principal_ids[0]
    community = province.plan()
    province.invite(community, at_home)
    assert (
        province.principal(at_home).post(f"{community}/invitations/accept", {"attitudes": attitudes}).status_code == 200
    )
    one, other = planned(province), planned(province)
    adopt(province, one)
    assert at_home not in {event.principal_id for event in province.driven.told(MemberInvited)[1:]}
    late = adopt(province, other)  # all have an invitation by now
    assert [group["community_id"] for group in late.json["groups"]] == [None, None]
    assert len(province.driven.told(MemberInvited)) == 12
    third = adopt(province, planned(province), invite_members=True)
    assert all(group["community_id"] for group in third.json["groups"])
    assert len(province.driven.told(MemberInvited)) == 24


def test_whoever_came_with_a_home_in_another_delegation_keeps_it_too(province, valleys):
    came = valleys[0].principal_ids[0]
    with province.driven.sessions.transaction() as session:
        there = Delegation.register(code=uuid4().hex[:8], name_fr="Taza", name_ar="تازة")
        session.add(there)
        session.flush()
        community, now = new_community(there.id), datetime.now(UTC)
        community.form()
        session.add(community)
        session.flush()
        membership = Membership.invite(community, came, answer_by=now + timedelta(days=1), now=now)
        membership.accept(session.get_one(Principal, came), channel="portal", now=now)
        session.add(membership)
    adopt(province, planned(province))
    invited = [event.principal_id for event in province.driven.told(MemberInvited)[1:]]
    assert len(invited) == 11 and came not in invited


def test_an_adoption_that_is_refused_leaves_nothing_behind(province, valleys):
    plan = planned(province)
    for wrong, code in (
        ({"answer_by": in_days(-1)}, "invitation.answer_by_past"),
        ({"names": [{"group": 3, "name_fr": "A", "name_ar": "ب"}]}, "plan.unknown"),
        ({"names": [{"group": 1, "name_fr": "A", "name_ar": "ب"}] * 2}, "plan.contradicts_itself"),
    ):
        refused = adopt(province, plan, **wrong)
        assert (refused.status_code, refused.json["code"]) == (422, code)
    assert read(province, plan["id"]).json["state"] == "ready"
    assert province.driven.told(CommunityPlanned) == []


def test_two_officers_adopt_two_plans_at_once_and_nobody_is_invited_twice(postgres_province):
    province = postgres_province
    settle(province.driven, province.delegation_id)
    plans, barrier = [planned(province) for _ in range(2)], Barrier(4)
    wishes = [(plan, read(province, plan["id"])) for plan in plans for _ in range(2)]

    def take(wish):
        plan, seen = wish
        barrier.wait()
        answer = province.officer.post(f"/v1/plans/{plan['id']}/adopt", {"answer_by": in_days(9)}, seen=seen)
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(take, wishes))
    assert answers[:2] == [200, 200] and set(answers[2:]) <= {409, 412}
    assert len(province.driven.told(MemberInvited)) == 12


def test_two_officers_move_at_once_and_neither_is_lost(postgres_province):
    province = postgres_province
    valleys = settle(province.driven, province.delegation_id)
    plan = planned(province, least=1, most=12)
    path, seen, barrier = f"/v1/plans/{plan['id']}", read(province, plan["id"]), Barrier(2)
    groups, movers = groups_of(province, plan["id"]), valleys[0].principal_ids[:2]

    def move(mover):
        barrier.wait()
        moves = {"moves": [{"principal_id": str(mover), "group": 3 - groups[mover]}]}
        return province.officer.post(f"{path}/moves", moves, seen=seen).status_code, mover

    with ThreadPoolExecutor(2) as pool:
        (won, winner), (lost, _) = sorted(pool.map(move, movers))
    assert (won, lost) == (200, 412)
    assert groups_of(province, plan["id"]) == groups | {winner: 3 - groups[winner]}


def test_a_plan_is_compared_with_another_and_with_today(province, valleys):
    one, other = planned(province), planned(province)
    path, mover = f"/v1/plans/{other['id']}", valleys[0].principal_ids[0]
    compared = province.officer.get(f"{path}/comparison?with={one['id']}").json
    assert (compared["staying"], compared["changing"], compared["changes"]) == (12, 0, [])
    assert compared["pairs_before"] == compared["pairs_kept"] == 30
    there = 3 - groups_of(province, other["id"])[mover]
    province.officer.change(f"{path}/moves", {"moves": [{"principal_id": str(mover), "group": there}]})
    compared = province.officer.get(f"{path}/comparison?with={one['id']}").json
    assert [(change["principal_id"], change["group"]) for change in compared["changes"]] == [(str(mover), there)]
    assert compared["pairs_kept"] == 25 and compared["after"]["worst_km"] > 30 > compared["before"]["worst_km"]
    nobody = province.officer.get(f"{path}/comparison?with=current").json
    assert (nobody["new"], nobody["staying"], nobody["before"]["total_km"]) == (12, 0, 0)
    adopt(province, one)
    today = province.officer.get(f"{path}/comparison?with=current").json
    assert today["changing"] == 1 and today["before"] == {
        name: one["figures"][name] for name in ("total_km", "median_km", "worst_km")
    }
    movers = {"moves": [{"principal_id": str(id), "group": there} for id in valleys[0].principal_ids[1:3]]}
    province.officer.change(f"{path}/moves", movers)
    first = province.officer.get(f"{path}/comparison?with=current&limit=2").json
    last = province.officer.get(f"{path}/comparison?with=current&limit=2&after={first['next']}").json
    ids = [change["principal_id"] for change in first["changes"] + last["changes"]]
    assert len(first["changes"]) == 2 and ids == sorted(str(id) for id in valleys[0].principal_ids[:3])
    assert first["changing"] == last["changing"] == 3 and last["next"] is None
    assert province.officer.get(f"{path}/comparison?with=yesterday").status_code == 422
    assert province.officer.get(f"{path}/comparison?with={mover}").status_code == 404
