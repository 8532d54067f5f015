"""Meetings over HTTP: what is answered, who may, and what bad input does (nothing)."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.domain.actor import Role
from shared.events import (
    InvitationAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesPublished,
)

pytestmark = pytest.mark.both_databases

PLAN = {
    "subject": "  Evaluer autrement ",
    "activity": "workshop",
    "modality": "hybrid",
    "duration_minutes": 90,
    "zone": "Africa/Casablanca",
}
MINUTES = {
    "summary": "Nous avons appris.",
    "discussion": "Entre nous.",
    "decisions": ["Essayer chez Brahim"],
    "actions": [],
}


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def code_of(answer) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"]


# -- the whole way


def test_a_meeting_from_plan_to_published_minutes(eager_circle):
    circle = eager_circle
    planned = circle.coordinator.post(f"/v1/communities/{circle.community_id}/meetings", PLAN)
    assert planned.status_code == 201
    assert planned.json["subject"] == "Evaluer autrement"
    assert [item["kind"] for item in planned.json["agenda"]] == ["everyday_concerns"]
    meeting = f"/v1/meetings/{planned.json['id']}"

    starts_at = in_days(8)
    scheduled = circle.coordinator.change(f"{meeting}/schedule", {"starts_at": starts_at, "place": "Salle 3"})
    assert (scheduled.status_code, scheduled.json["state"]) == (200, "scheduled")
    moved = circle.coordinator.change(f"{meeting}/reschedule", {"place": "Salle 4"})
    assert (moved.status_code, moved.json["calendar_sequence"]) == (200, 1)
    for place in range(3):
        answered = circle.member(place).post(f"{meeting}/answer", {"answer": "yes", "attendance": "remote"})
        assert answered.status_code == 200
    held = circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(circle.member_ids[0])]})
    assert (held.status_code, held.json["state"]) == (200, "held")
    assert circle.coordinator.change(f"{meeting}/minutes", MINUTES).status_code == 200
    assert circle.coordinator.change(f"{meeting}/minutes/publish").json["state"] == "published"

    told = [type(event) for event in circle.driven.told()]
    assert told == [MeetingScheduled, MeetingRescheduled, *[InvitationAnswered] * 3, MeetingHeld, MinutesPublished]
    assert circle.driven.told(MeetingScheduled)[0].invitee_ids == circle.member_ids
    assert circle.driven.told(MeetingScheduled)[0].starts_at == datetime.fromisoformat(starts_at)
    assert circle.driven.told(MinutesPublished)[0].reader_ids == circle.member_ids


def test_answers_show_who_said_what_and_who_came(eager_circle):
    circle = eager_circle
    meeting = circle.schedule()
    circle.member(1).post(f"{meeting}/answer", {"answer": "maybe"})
    circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(circle.member_ids[2])]})
    found = {answer["principal_id"]: answer for answer in circle.member(1).get(f"{meeting}/answers").json["items"]}
    said = [(found[str(id)]["answer"], found[str(id)]["present"]) for id in circle.member_ids]
    assert said == [(None, False), ("maybe", False), (None, True)]
    assert found[str(circle.member_ids[1])]["name_ar"] == "رشيدة المكناسي"


def test_a_community_can_be_asked_for(circle):
    answer = circle.officer.get(f"/v1/communities/{circle.community_id}")
    assert answer.json == {
        "id": str(circle.community_id),
        "delegation_id": str(circle.delegation_id),
        "name_fr": "Atlas",
        "name_ar": "أطلس",
        "coordinator_id": str(circle.member_ids[0]),
        "member_count": 3,
    }


def test_meetings_are_listed_a_page_at_a_time(circle):
    planned = [circle.plan().rpartition("/")[2] for _ in range(3)]
    path = f"/v1/communities/{circle.community_id}/meetings"
    first = circle.member(1).get(f"{path}?limit=2").json
    rest = circle.member(1).get(f"{path}?limit=2&after={first['next']}").json
    assert [meeting["id"] for meeting in (*first["items"], *rest["items"])] == planned
    assert rest["next"] is None


def test_a_repeat_with_the_same_key_schedules_once(circle):
    meeting, wish = circle.plan(), {"starts_at": in_days(9), "place": "Salle 3"}
    first, again = (
        circle.coordinator.change(f"{meeting}/schedule", wish, headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert (first.status_code, again.status_code, first.json) == (200, 200, again.json)
    assert len(circle.driven.told(MeetingScheduled)) == 1


def test_the_same_answer_twice_is_told_once(circle):
    meeting = circle.schedule()
    for _ in range(2):
        assert circle.member(1).post(f"{meeting}/answer", {"answer": "no"}).status_code == 200
    assert [told.answer for told in circle.driven.told(InvitationAnswered)] == ["no"]


def test_a_new_time_forgets_the_answers_to_the_old_one(circle):
    meeting = circle.schedule()
    circle.member(1).post(f"{meeting}/answer", {"answer": "yes"})
    circle.coordinator.change(f"{meeting}/reschedule", {"starts_at": in_days(20)})
    assert {answer["answer"] for answer in circle.coordinator.get(f"{meeting}/answers").json["items"]} == {None}


def test_cancelling_says_why(circle):
    meeting = circle.schedule()
    assert circle.coordinator.change(f"{meeting}/cancel", {"reason": "Neige"}).json["state"] == "cancelled"
    assert [told.reason for told in circle.driven.told(MeetingCancelled)] == ["Neige"]


def test_a_meeting_waits_for_its_hour_unless_the_setting_says_otherwise(circle):
    meeting = circle.schedule()
    answer = circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(circle.member_ids[0])]})
    assert code_of(answer) == (409, "meeting.not_begun")
    assert circle.driven.told(MeetingHeld) == []


def test_who_was_present_is_a_member(eager_circle):
    meeting = eager_circle.schedule()
    answer = eager_circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(uuid4())]})
    assert code_of(answer) == (422, "meeting.unknown_attendee")
    assert answer.json["errors"][0]["field"] == "present_ids.0"


# -- who may

VERBS = {
    "schedule": {"starts_at": in_days(9), "place": "Salle 3"},
    "reschedule": {"place": "Salle 9"},
    "cancel": {"reason": "Neige"},
    "hold": {"present_ids": [str(uuid4())]},
    "minutes": MINUTES,
    "minutes/publish": None,
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_coordinator_convenes_holds_and_writes(circle, verb):
    meeting = circle.schedule()
    before = circle.driven.told()
    for caller in (circle.member(1), circle.officer):
        assert code_of(caller.change(f"{meeting}/{verb}", VERBS[verb])) == (403, "caller.not_allowed")
    for caller in circle.outsiders:
        assert code_of(caller.change(f"{meeting}/{verb}", VERBS[verb])) == (404, "meeting.not_found")
    assert circle.driven.told() == before


def test_only_the_confirmed_coordinator_plans(circle):
    path = f"/v1/communities/{circle.community_id}/meetings"
    assert code_of(circle.member(1).post(path, PLAN)) == (403, "caller.not_allowed")
    assert code_of(circle.officer.post(path, PLAN)) == (403, "caller.not_allowed")
    for caller in circle.outsiders:
        assert code_of(caller.post(path, PLAN)) == (404, "community.not_found")
    assert circle.coordinator.get(path).json["items"] == []


def test_members_answer_for_themselves_only(circle):
    meeting, yes = circle.schedule(), {"answer": "yes"}
    assert code_of(circle.officer.post(f"{meeting}/answer", yes)) == (403, "caller.not_allowed")
    for caller in circle.outsiders:
        assert code_of(caller.post(f"{meeting}/answer", yes)) == (404, "meeting.not_found")
    for_another = yes | {"principal_id": str(circle.member_ids[2])}
    assert circle.member(1).post(f"{meeting}/answer", for_another).status_code == 422
    assert circle.driven.told(InvitationAnswered) == []


def test_outsiders_find_nothing(circle):
    meeting = circle.schedule()
    circle.coordinator.change(f"{meeting}/minutes", MINUTES)
    community = f"/v1/communities/{circle.community_id}"
    for path in (meeting, f"{meeting}/answers", f"{meeting}/minutes", community, f"{community}/meetings"):
        assert circle.member(1).get(path).status_code == 200
        for caller in circle.outsiders:
            assert caller.get(path).status_code == 404


def test_those_who_work_for_the_delegation_see_the_meeting_but_no_roll(circle):
    meeting = circle.schedule()
    portal = circle.driven.call(Role.PORTAL, unit_id=circle.delegation_id)
    for caller in (circle.officer, portal, circle.driven.call(Role.MINISTRY_ADMINISTRATOR)):
        assert caller.get(meeting).json["subject"] == "Evaluer autrement"
        assert code_of(caller.get(f"{meeting}/answers")) == (403, "caller.not_allowed")


def test_the_discussion_stays_in_the_community_and_a_draft_too(eager_circle):
    circle = eager_circle
    meeting = circle.schedule()
    circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(circle.member_ids[0])]})
    circle.coordinator.change(f"{meeting}/minutes", MINUTES)
    assert code_of(circle.officer.get(f"{meeting}/minutes")) == (404, "minutes.not_found")
    circle.coordinator.change(f"{meeting}/minutes/publish")
    as_officer, as_member = (caller.get(f"{meeting}/minutes").json for caller in (circle.officer, circle.member(1)))
    assert (as_officer["summary"], as_officer["discussion"]) == ("Nous avons appris.", None)
    assert as_member["discussion"] == "Entre nous."


def test_minutes_can_be_written_anew_until_they_are_published(eager_circle):
    circle = eager_circle
    meeting = circle.schedule()
    assert code_of(circle.coordinator.change(f"{meeting}/minutes/publish")) == (404, "minutes.not_found")
    circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(circle.member_ids[0])]})
    for summary in ("Un", "Deux"):
        assert circle.coordinator.change(f"{meeting}/minutes", MINUTES | {"summary": summary}).status_code == 200
    circle.coordinator.change(f"{meeting}/minutes/publish")
    late = circle.coordinator.change(f"{meeting}/minutes", MINUTES)
    assert code_of(late) == (409, "minutes.wrong_state")
    assert circle.member(1).get(f"{meeting}/minutes").json["summary"] == "Deux"


# -- bad input

BAD_PLANS = [
    {"subject": ""},
    {"subject": "   "},
    {"subject": "a\x00b"},
    {"subject": "two\nlines"},
    {"subject": "x" * 201},
    {"subject": None},
    {"subject": 7},
    {"activity": "party"},
    {"activity": []},
    {"modality": {"a": 1}},
    {"duration_minutes": 0},
    {"duration_minutes": 10**30},
    {"duration_minutes": "many"},
    {"zone": "Africa/Casa"},
    {"zone": "../etc/passwd"},
    {"agenda": "none"},
    {"agenda": [{"title": "x"}]},
    {"agenda": [{"title": "x\x00", "minutes": 5}]},
    {"agenda": [{"title": "x", "minutes": 5, "led_by": "me"}]},
    {"agenda": [{"title": "x", "minutes": 5}] * 51},
    {"agenda": [{"title": "x", "minutes": 5, "led_by": "018f0000-0000-7000-8000-000000000000"}]},
    {"unknown": 1},
]


@pytest.mark.parametrize("wrong", BAD_PLANS, ids=lambda wrong: str(wrong)[:40].encode("ascii", "replace").decode())
def test_a_plan_that_cannot_be_right_is_refused_by_field(circle, wrong):
    path = f"/v1/communities/{circle.community_id}/meetings"
    answer = circle.coordinator.post(path, PLAN | wrong)
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"][0]["field"].startswith(next(iter(wrong)))
    assert circle.coordinator.get(path).json["items"] == []


def test_half_a_character_is_refused(circle):
    body = json.dumps(PLAN | {"subject": "half \ud800 a character"})
    path = f"/v1/communities/{circle.community_id}/meetings"
    answer = circle.coordinator.post(path, data=body, content_type="application/json")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "subject")


@pytest.mark.parametrize(
    "starts_at",
    ["2030-01-01T10:00:00", "tomorrow", "", None, 7, "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+14:00"],
)
def test_a_moment_carries_its_zone_and_lies_in_our_time(circle, starts_at):
    meeting = circle.plan()
    answer = circle.coordinator.change(f"{meeting}/schedule", {"starts_at": starts_at, "place": "Salle 3"})
    assert answer.status_code in (409, 422), answer.json
    assert circle.coordinator.get(meeting).json["state"] == "planned"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"answer": "\\ud800"}'])
def test_a_body_that_is_no_answer_is_refused(circle, body):
    meeting = circle.schedule()
    answer = circle.member(1).post(f"{meeting}/answer", data=body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.json
    assert circle.driven.told(InvitationAnswered) == []


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=x", "after=%00"])
def test_a_page_that_cannot_be_is_refused(circle, query):
    answer = circle.coordinator.get(f"/v1/communities/{circle.community_id}/meetings?{query}")
    assert answer.status_code == 422


def test_what_does_not_exist_is_not_found(circle):
    for path in (
        f"/v1/meetings/{uuid4()}",
        f"/v1/communities/{uuid4()}",
        "/v1/meetings/x",
        f"/v1/meetings/{uuid4()}/x",
    ):
        assert circle.coordinator.get(path).status_code == 404
