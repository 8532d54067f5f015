"""Rules of meetings: no database, no clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sittings import (
    AMINA,
    BRAHIM,
    EVERYDAY,
    MEMBERS,
    NOW,
    SALMA,
    STARTS_AT,
    cancelled,
    convocation,
    held,
    item,
    planned,
    scheduled,
)

from meetings.convening.model import Answer, MeetingState
from meetings.convening.model.meeting import LIFECYCLE
from shared.domain.refusals import Invalid, Refused
from shared.events import (
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
)


def test_a_plan_makes_room_for_everyday_concerns():
    assert planned(agenda=[item("Cas")]).agenda == [item("Cas"), EVERYDAY]


def test_everyday_concerns_come_last_wherever_they_were_written():
    ours = item("Cantine", "everyday_concerns")
    assert planned(agenda=[ours, item("Cas")]).agenda == [item("Cas"), ours]


def test_an_item_is_led_by_a_member():
    assert planned(agenda=[item("Cas", led_by=BRAHIM)]).agenda[0]["led_by"] == str(BRAHIM)
    with pytest.raises(Invalid) as refusal:
        planned(agenda=[item("Cas"), item("Autre cas", led_by=SALMA)])
    assert refusal.value.code == "meeting.unknown_leader"
    assert [fault.field for fault in refusal.value.faults] == ["agenda.1.led_by"]


@pytest.mark.parametrize("zone", ["", "Africa/Casa", "../../etc/passwd", "+01:00", "africa", "Africa"])
def test_a_zone_is_one_of_the_iana_database(zone):
    with pytest.raises(Invalid) as refusal:
        planned(zone=zone)
    assert refusal.value.code == "meeting.unknown_zone"


def test_nobody_is_told_of_a_plan():
    assert planned().recorded == []


# -- the date


def test_scheduling_invites_the_members_and_tells_them():
    meeting = planned()
    meeting.schedule(STARTS_AT, "Salle 3", invitee_ids=MEMBERS, now=NOW)
    assert meeting.state is MeetingState.SCHEDULED
    assert meeting.recorded == [MeetingScheduled(**convocation(meeting))]


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (NOW - timedelta(days=10), "meeting.in_the_past"),
        (NOW, "meeting.in_the_past"),
        (NOW + timedelta(days=7) - timedelta(seconds=1), "meeting.too_soon"),
        (NOW + timedelta(days=800), "meeting.too_far"),
        (datetime.max.replace(tzinfo=UTC), "meeting.too_far"),
        (datetime.min.replace(tzinfo=UTC), "meeting.in_the_past"),
    ],
)
def test_members_are_owed_a_weeks_notice(starts_at, code):
    meeting = planned()
    with pytest.raises(Refused) as refusal:
        meeting.schedule(starts_at, "Salle 3", invitee_ids=MEMBERS, now=NOW)
    assert refusal.value.code == code
    assert (meeting.state, meeting.starts_at, meeting.recorded) == (MeetingState.PLANNED, None, [])


def test_a_week_to_the_second_is_a_week():
    meeting = planned()
    meeting.schedule(NOW + timedelta(days=7), "Salle 3", invitee_ids=MEMBERS, now=NOW)
    assert meeting.state is MeetingState.SCHEDULED


def test_a_community_without_members_cannot_meet():
    with pytest.raises(Refused, match="nobody_to_invite"):
        planned().schedule(STARTS_AT, "Salle 3", invitee_ids=[], now=NOW)


def test_a_moved_meeting_tells_where_it_was_before():
    meeting, later = scheduled(), STARTS_AT + timedelta(days=1)
    meeting.reschedule(starts_at=later, invitee_ids=MEMBERS, now=NOW)
    told = convocation(meeting, starts_at=later, ends_at=later + timedelta(minutes=90), calendar_sequence=1)
    assert meeting.recorded == [MeetingRescheduled(**told, previous_starts_at=STARTS_AT)]


@pytest.mark.parametrize("change", [{"starts_at": STARTS_AT + timedelta(days=1)}, {"duration_minutes": 60}])
def test_a_new_time_asks_everybody_anew(change):
    meeting = scheduled()
    meeting.answer(AMINA, Answer.YES, None, now=NOW)
    meeting.reschedule(**change, invitee_ids=MEMBERS, now=NOW)
    assert meeting.invitations[AMINA].answer is None


def test_another_place_alone_keeps_the_answers_and_owes_no_notice():
    meeting = scheduled()
    meeting.answer(AMINA, Answer.YES, None, now=NOW)
    meeting.reschedule(place="Salle 4", invitee_ids=MEMBERS, now=STARTS_AT - timedelta(hours=2))
    told = convocation(meeting, place="Salle 4", calendar_sequence=1)
    assert meeting.recorded == [MeetingRescheduled(**told, previous_starts_at=STARTS_AT)]
    assert meeting.invitations[AMINA].answer is Answer.YES


@pytest.mark.parametrize(
    ("wish", "now", "code"),
    [
        ({}, NOW, "meeting.unchanged"),
        ({"starts_at": STARTS_AT, "duration_minutes": 90, "place": "Salle 3"}, NOW, "meeting.unchanged"),
        ({"starts_at": NOW + timedelta(days=6)}, NOW, "meeting.too_soon"),
        ({"duration_minutes": 60}, STARTS_AT - timedelta(days=1), "meeting.too_soon"),
        ({"place": "Salle 4"}, STARTS_AT, "meeting.in_the_past"),
    ],
)
def test_a_meeting_is_not_moved_for_nothing_nor_in_haste(wish, now, code):
    meeting = scheduled()
    with pytest.raises(Refused) as refusal:
        meeting.reschedule(**wish, invitee_ids=MEMBERS, now=now)
    assert refusal.value.code == code
    assert (meeting.calendar_sequence, meeting.recorded) == (0, [])


def test_moving_invites_who_has_joined_and_no_longer_who_has_left():
    meeting = scheduled()
    meeting.reschedule(place="Salle 4", invitee_ids=[AMINA, SALMA], now=NOW)
    assert meeting.recorded[0].invitee_ids == [AMINA, SALMA]


def test_cancelling_tells_the_invitees_why():
    meeting = scheduled()
    meeting.cancel("Intemperies")
    assert meeting.recorded == [MeetingCancelled(**convocation(meeting, calendar_sequence=1), reason="Intemperies")]


def test_nobody_is_told_that_a_mere_plan_was_dropped():
    meeting = planned()
    meeting.cancel("Autre projet")
    assert (meeting.state, meeting.calendar_sequence, meeting.recorded) == (MeetingState.CANCELLED, 0, [])


# -- answers


VERBS = {
    "schedule": lambda meeting: meeting.schedule(STARTS_AT, "Salle 3", invitee_ids=MEMBERS, now=NOW),
    "reschedule": lambda meeting: meeting.reschedule(place="Salle 4", invitee_ids=MEMBERS, now=NOW),
    "cancel": lambda meeting: meeting.cancel("Intemperies"),
    "hold": lambda meeting: meeting.hold([AMINA], member_ids=MEMBERS, now=STARTS_AT, may_be_early=False),
}
ALLOWED = {
    ("planned", "schedule"): "scheduled",
    ("planned", "cancel"): "cancelled",
    ("scheduled", "reschedule"): "scheduled",
    ("scheduled", "cancel"): "cancelled",
    ("scheduled", "hold"): "held",
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("make", [planned, scheduled, held, cancelled], ids=lambda make: make.__name__)
def test_each_verb_works_in_its_states_and_is_refused_in_all_others(make, verb):
    meeting = make()
    was = meeting.state
    if (was, verb) in ALLOWED:
        VERBS[verb](meeting)
        assert meeting.state == ALLOWED[was, verb]
        return
    with pytest.raises(Refused, match=r"meeting\.wrong_state"):
        VERBS[verb](meeting)
    assert (meeting.state, meeting.recorded) == (was, [])


def test_the_verbs_cover_the_table():
    walked = {(was, became) for (was, _), became in ALLOWED.items()}
    assert walked == {(was, became) for was, states in LIFECYCLE.items() for became in states}


# -- minutes
