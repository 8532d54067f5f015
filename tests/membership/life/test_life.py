"""A community comes to life by what it does, in any order; sleeps, never unwarned; wakes; and ends by decision."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from lives import RULES, alive, has_coordinator, has_rules, meets, state

from membership.communities.model.alarm import Alarm, Silence
from membership.communities.model.community import Community
from membership.life.use_cases import watch_communities
from membership.people.model.people import Principal
from shared.events import (
    CommunityActivated,
    CommunityDissolved,
    CommunitySilent,
    CommunityWentDormant,
    ElectionAbandoned,
    InvitationLapsed,
    JoinLapsed,
    MeetingHeld,
    MemberLeft,
)

NOW = datetime.now(UTC)
ORDERS = list(permutations((meets, has_rules, has_coordinator)))


def in_days(province, days: int) -> None:
    """The clock looks twice on that day, so that a second look must find nothing to say."""
    for _ in range(2):
        with province.driven.sessions.transaction() as session:
            watch_communities(session, datetime.now(UTC) + timedelta(days=days))


def warned(province) -> list[tuple[str, int]]:
    today = datetime.now(UTC).date()
    return [(told.reason, (told.dormant_on - today).days) for told in province.driven.told(CommunitySilent)]


def silent(province) -> list[tuple[str, list[str]]]:
    listed = province.officer.get(f"/v1/delegations/{province.delegation_id}/communities/silent").json["items"]
    return [(each["community"]["state"], [alarm["reason"] for alarm in each["alarms"]]) for each in listed]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ", ".join(happens.__name__ for happens in order))
def test_the_last_of_three_brings_it_to_life_whichever_that_is(order, sqlite_province):
    circle, told = sqlite_province.circle(3), sqlite_province.driven.told
    for happens in order:
        assert (state(circle), told(CommunityActivated)) == ("forming", [])
        happens(circle)
    (activated,) = told(CommunityActivated)
    assert (state(circle), activated.delegation_id) == ("active", sqlite_province.delegation_id)


def test_other_meetings_and_meetings_of_others_bring_nothing_to_life(province):
    circle, other = province.circle(3), province.circle(2)
    has_rules(circle)
    has_coordinator(circle)
    meets(circle, activity="webinar")
    meets(other)
    elsewhere = {"community_id": uuid4(), "present_ids": [], "held_at": NOW, "activity": "formal_meeting"}
    province.driven.hear(MeetingHeld(meeting_id=uuid4(), **elsewhere))
    assert (state(circle), state(other)) == ("forming", "forming")


def test_silence_is_announced_twice_then_it_sleeps_and_a_meeting_wakes_it(province):
    circle = alive(province)
    in_days(province, 89)
    assert warned(province) == []
    for day in (90, 112):
        in_days(province, day)
    in_days(province, 113)
    assert warned(province) == [("no_meeting", 120)] * 2
    assert silent(province) == [("active", ["no_meeting"])]
    in_days(province, 119)
    assert state(circle) == "active"
    in_days(province, 120)
    (slept,) = province.driven.told(CommunityWentDormant)
    assert (state(circle), slept.reason, silent(province)) == ("dormant", "no_meeting", [("dormant", ["no_meeting"])])

    meets(circle, days_ago=-120, activity="webinar")
    assert (state(circle), silent(province)) == ("active", [])
    assert len(province.driven.told(CommunityActivated)) == 2


def test_a_meeting_takes_the_warning_back_and_a_new_silence_is_announced_anew(province):
    circle = alive(province)
    in_days(province, 113)
    meets(circle, days_ago=-100)
    assert silent(province) == []
    in_days(province, 130)
    in_days(province, 190)
    assert (state(circle), warned(province)) == ("active", [("no_meeting", 120), ("no_meeting", 220)])


def test_without_a_coordinator_it_sleeps_sooner_until_one_is_confirmed(province):
    circle = alive(province, size=4)
    assert circle.member(0).post(f"{circle.path}/leave").status_code == 200
    circle.member_ids.pop(0)
    in_days(province, 30)
    in_days(province, 53)
    assert warned(province) == [("no_coordinator", 60)] * 2
    in_days(province, 60)
    assert [told.reason for told in province.driven.told(CommunityWentDormant)] == ["no_coordinator"]
    has_coordinator(circle)
    assert (state(circle), silent(province)) == ("active", [])


def test_a_meeting_does_not_wake_what_has_had_no_coordinator_for_too_long(province):
    circle = alive(province, size=4)
    circle.member(0).post(f"{circle.path}/leave")
    circle.member_ids.pop(0)
    in_days(province, 53)
    in_days(province, 200)
    assert state(circle) == "dormant"
    meets(circle, days_ago=-201)
    assert state(circle) == "active"  # of today, whose vacancy is young: the next look finds what is due then


def test_a_mandate_that_was_given_back_wakes_it_at_the_next_look(province):
    """What had ended the mandate was taken back: nobody was confirmed anew, and nobody called for a look."""
    circle = alive(province, size=4)
    circle.member(0).post(f"{circle.path}/leave")
    in_days(province, 53)
    in_days(province, 60)
    assert state(circle) == "dormant"
    with province.driven.sessions.transaction() as session:
        coordinator = session.get_one(Principal, circle.member_ids[0])
        session.get_one(Community, circle.community_id).gets_back(coordinator, date(2028, 9, 1))
    in_days(province, 61)
    assert (state(circle), silent(province)) == ("active", [])


def test_nobody_sleeps_unwarned_however_late_the_clock_looks(province):
    circle = alive(province)
    in_days(province, 400)
    assert (state(circle), warned(province)) == ("active", [("no_meeting", 407)])
    in_days(province, 406)
    assert state(circle) == "active"
    in_days(province, 407)
    assert state(circle) == "dormant"


def test_the_same_facts_lead_to_the_same_days_in_whatever_order_they_are_told(province):
    circle, twin = alive(province), alive(province)
    days, ids = (-10, -80, -40), [uuid4() for _ in range(6)]
    for id, day in zip(ids, days, strict=False):
        meets(circle, days_ago=day, meeting_id=id)
    for id, day in zip(ids[3:], sorted(days), strict=True):
        meets(twin, days_ago=day, meeting_id=id)
        meets(twin, days_ago=day, meeting_id=id)
    in_days(province, 171)
    told = province.driven.told(CommunitySilent)
    assert {each.community_id for each in told} == {circle.community_id, twin.community_id}
    assert len({each.dormant_on for each in told}) == 1


def test_the_end_is_decided_with_a_reason_and_ends_all_that_was_under_way(province):
    circle = alive(province, size=4)
    (invited,) = province.people(1)
    province.invite(circle.path, invited)
    election = circle.opened(1)
    assert circle.vote(election, 2, 1).status_code == 204
    assert province.officer.post(f"{circle.path}/dissolve", {}).status_code == 422
    assert circle.member(0).post(f"{circle.path}/dissolve", {"reason": "x"}).status_code == 403
    ended = province.officer.post(f"{circle.path}/dissolve", {"reason": "Réunie à une autre"})
    assert (ended.status_code, ended.json["state"], ended.json["coordinator_id"]) == (200, "dissolved", None)

    told = province.driven.told()
    place = {kind: next(i for i, event in enumerate(told) if isinstance(event, kind)) for kind in ENDINGS}
    assert place[CommunityDissolved] == min(place.values())  # whoever tells the members still finds them
    assert {event.reason for event in told if isinstance(event, MemberLeft)} == {"dissolved"}
    assert sum(isinstance(event, MemberLeft) for event in told) == 4
    stopped = province.officer.get(election).json
    assert (stopped["state"], stopped["ballots"]) == ("abandoned", [])
    states = {each["state"] for each in province.officer.get(f"{circle.path}/members").json["items"]}
    assert states == {"left", "lapsed"}

    again = province.officer.post(f"{circle.path}/dissolve", {"reason": "Encore"})
    for refused in (again, province.officer.post(f"{circle.path}/rules", RULES), province.invite(circle.path, invited),
                    province.officer.post(f"{circle.path}/elections")):  # fmt: skip
        assert (refused.status_code, refused.json["code"]) == (409, "community.dissolved")
    meets(circle)
    in_days(province, 500)
    assert state(circle) == "dissolved"


ENDINGS = (CommunityDissolved, MemberLeft, InvitationLapsed, ElectionAbandoned)


def test_an_election_for_which_nobody_stands_is_abandoned_and_another_called(province):
    circle = province.circle(3)
    election = circle.called()
    assert circle.member(0).post(f"{election}/abandon").status_code == 403
    assert province.officer.post(f"{election}/abandon").json["state"] == "abandoned"
    assert len(province.driven.told(ElectionAbandoned)) == 1
    assert province.officer.post(f"{election}/abandon").json["code"] == "election.wrong_state"
    another = circle.called(1)
    assert province.officer.post(f"{another}/abandon").json["code"] == "election.somebody_stands"
    assert [told.reason for told in province.driven.told(ElectionAbandoned)] == ["nobody_stands"]


def test_who_stood_and_left_keeps_no_community_from_another_election(province):
    circle = province.circle(3)
    election = circle.called(1)
    assert circle.member(1).post(f"{circle.path}/leave").status_code == 200
    opened = province.officer.post(f"{election}/open", {"closes_at": (NOW + timedelta(days=7)).isoformat()})
    assert opened.json["code"] == "election.no_candidate"
    assert province.officer.post(f"{circle.path}/elections").json["code"] == "election.under_way"
    assert province.officer.post(f"{election}/abandon").json["state"] == "abandoned"
    assert province.officer.post(f"{circle.path}/elections").status_code == 201


def test_the_end_ends_what_was_asked_and_the_yes_that_came_with_it(province, attitudes):
    circle, (asking,) = province.circle(2), province.people(1)
    circle.called(0)
    caller = province.principal(asking)
    assert caller.post(f"{circle.path}/requests", {"attitudes": attitudes}).status_code == 200
    province.officer.post(f"{circle.path}/dissolve", {"reason": "Trop peu de membres"})
    assert [each["state"] for each in caller.get("/v1/me/consents").json["items"]] == ["withdrawn"]
    assert caller.get("/v1/me/communities").json["items"][0]["membership"]["state"] == "lapsed"
    assert [(told.principal_id, told.reason) for told in province.driven.told(JoinLapsed)] == [(asking, "dissolved")]
    assert [told.reason for told in province.driven.told(ElectionAbandoned)] == ["dissolved"]
    theme = {"is_open": True, "theme_fr": "Lecture"}
    changed = province.officer.put(f"{circle.path}/theme", theme, seen=province.officer.get(circle.path))
    assert (changed.status_code, changed.json["code"]) == (409, "community.dissolved")


def test_an_alarm_rings_once_for_each_call_and_anew_for_another_silence():
    day, week = date(2026, 6, 1), timedelta(days=7)
    alarm = Alarm.quiet(uuid4(), Silence.NO_MEETING, day)
    looks = [day - timedelta(days=days) for days in (31, 30, 29, 8, 7, 7, 1)]
    assert [alarm.rings(day, today=today) for today in looks] == [False, True, False, False, True, False, False]
    assert (alarm.rings(day + 30 * week, today=day), alarm.days_before) == (False, 0)
    assert alarm.rings(day + week, today=day) and alarm.dormant_on == day + week
    late = Alarm.quiet(uuid4(), Silence.NO_MEETING, day)
    assert late.rings(day, today=day - timedelta(days=30)) and late.dormant_on == day
    assert late.rings(day, today=day + week)  # the clock stood still; nobody is told of a day that has passed
    assert (late.dormant_on, late.is_over(day + week)) == (day + 2 * week, False)


def test_days_of_a_date_are_days(sqlite_province):
    """What is told is a day, whole: the wire knows no hour of it."""
    alive(sqlite_province)
    in_days(sqlite_province, 90)
    (told,) = sqlite_province.driven.told(CommunitySilent)
    assert type(told.dormant_on) is date
