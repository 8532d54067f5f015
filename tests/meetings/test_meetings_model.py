"""Rules of meetings, invitations and minutes: no database, no clock."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from meetings.model import Answer, Attendance, Meeting, MeetingState, Minutes, MinutesState, Modality
from meetings.model.meeting import LIFECYCLE
from shared.domain.refusals import Invalid, Refused, Stale
from shared.events import (
    InvitationAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesPublished,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STARTS_AT = datetime(2026, 3, 20, 14, 0, tzinfo=UTC)
COMMUNITY, AMINA, BRAHIM, SALMA = (UUID(int=number) for number in range(1, 5))
MEMBERS = [AMINA, BRAHIM]
EVERYDAY = {
    "kind": "everyday_concerns",
    "title": "Questions du quotidien - قضايا الحياة اليومية",
    "minutes": 15,
    "led_by": None,
}


def planned(**changes) -> Meeting:
    wish = {
        "community_id": COMMUNITY,
        "convener_id": AMINA,
        "subject": "Evaluer autrement",
        "activity": "workshop",
        "modality": Modality.HYBRID,
        "agenda": [],
        "duration_minutes": 90,
        "zone": "Africa/Casablanca",
        "member_ids": MEMBERS,
    }
    return Meeting.plan(**wish | changes)


def scheduled(**changes) -> Meeting:
    meeting = planned(**changes)
    meeting.schedule(STARTS_AT, "Salle 3", invitee_ids=MEMBERS, now=NOW)
    meeting.forget_recorded()
    return meeting


def held() -> Meeting:
    meeting = scheduled()
    meeting.hold([AMINA], member_ids=MEMBERS, now=STARTS_AT, may_be_early=False)
    meeting.forget_recorded()
    return meeting


def convocation(meeting: Meeting, **changes):
    told = {
        "meeting_id": meeting.id,
        "community_id": COMMUNITY,
        "convener_id": AMINA,
        "invitee_ids": MEMBERS,
        "subject": "Evaluer autrement",
        "starts_at": STARTS_AT,
        "ends_at": STARTS_AT + timedelta(minutes=90),
        "zone": "Africa/Casablanca",
        "place": "Salle 3",
        "calendar_sequence": 0,
    }
    return told | changes


def item(title: str, kind: str = "topic", led_by: UUID | None = None) -> dict:
    return {"kind": kind, "title": title, "minutes": 20, "led_by": led_by}


# -- the plan


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
        ({"place": "Salle 4", "calendar_sequence": 3}, NOW, "meeting.stale"),
    ],
)
def test_a_meeting_is_not_moved_for_nothing_nor_in_haste_nor_unseen(wish, now, code):
    meeting = scheduled()
    with pytest.raises(Refused) as refusal:
        meeting.reschedule(**wish, invitee_ids=MEMBERS, now=now)
    assert refusal.value.code == code
    assert (meeting.calendar_sequence, meeting.recorded) == (0, [])


def test_two_tabs_that_saw_the_same_meeting_cannot_both_move_it():
    meeting = scheduled()
    meeting.reschedule(place="Salle 4", calendar_sequence=0, invitee_ids=MEMBERS, now=NOW)
    with pytest.raises(Stale):
        meeting.reschedule(place="Salle 5", calendar_sequence=0, invitee_ids=MEMBERS, now=NOW)


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


def test_an_answer_is_told_once_however_often_it_is_given():
    meeting = scheduled()
    for _ in range(3):
        meeting.answer(AMINA, Answer.MAYBE, None, now=NOW)
    meeting.answer(AMINA, Answer.MAYBE, Attendance.REMOTE, now=NOW)
    assert meeting.invitations[AMINA].recorded == [
        InvitationAnswered(meeting_id=meeting.id, community_id=COMMUNITY, principal_id=AMINA, answer="maybe")
    ]
    assert meeting.invitations[AMINA].attendance is Attendance.REMOTE


def test_the_last_answer_counts():
    meeting = scheduled()
    meeting.answer(AMINA, Answer.YES, None, now=NOW)
    meeting.answer(AMINA, Answer.NO, None, now=NOW)
    assert [told.answer for told in meeting.invitations[AMINA].recorded] == ["yes", "no"]


def test_only_the_invited_answer():
    with pytest.raises(Refused, match="not_invited"):
        scheduled().answer(SALMA, Answer.YES, None, now=NOW)


def test_answers_are_taken_until_the_end():
    ends_at = STARTS_AT + timedelta(minutes=90)
    scheduled().answer(AMINA, Answer.YES, None, now=ends_at - timedelta(seconds=1))
    with pytest.raises(Refused, match="over"):
        scheduled().answer(AMINA, Answer.YES, None, now=ends_at)


@pytest.mark.parametrize("meeting", [planned(), held()], ids=["planned", "held"])
def test_answers_are_taken_only_while_there_is_something_to_answer(meeting):
    with pytest.raises(Refused, match="wrong_state"):
        meeting.answer(AMINA, Answer.YES, None, now=NOW)


@pytest.mark.parametrize(
    ("modality", "attendance"), [(Modality.IN_PERSON, Attendance.REMOTE), (Modality.REMOTE, Attendance.IN_PERSON)]
)
def test_nobody_attends_in_a_way_that_is_not_offered(modality, attendance):
    with pytest.raises(Invalid, match="no_such_attendance"):
        scheduled(modality=modality).answer(AMINA, Answer.YES, attendance, now=NOW)


# -- presence


def test_holding_notes_who_was_present():
    meeting = scheduled()
    meeting.hold([SALMA, AMINA, SALMA], member_ids=[AMINA, SALMA], now=STARTS_AT, may_be_early=False)
    present = {principal_id: invitation.present for principal_id, invitation in meeting.invitations.items()}
    assert present == {AMINA: True, BRAHIM: False, SALMA: True}
    assert meeting.recorded == [
        MeetingHeld(meeting_id=meeting.id, community_id=COMMUNITY, present_ids=[SALMA, AMINA], held_at=STARTS_AT)
    ]


def test_nobody_sends_a_substitute():
    meeting = scheduled()
    with pytest.raises(Invalid) as refusal:
        meeting.hold([AMINA, SALMA], member_ids=MEMBERS, now=STARTS_AT, may_be_early=False)
    assert [(fault.field, fault.value) for fault in refusal.value.faults] == [("present_ids.1", str(SALMA))]
    assert meeting.state is MeetingState.SCHEDULED


def test_an_invitee_who_left_meanwhile_may_have_been_present():
    meeting = scheduled()
    meeting.hold([BRAHIM], member_ids=[AMINA], now=STARTS_AT, may_be_early=False)
    assert meeting.invitations[BRAHIM].present


def test_a_meeting_is_not_held_before_it_begins():
    early = STARTS_AT - timedelta(seconds=1)
    with pytest.raises(Refused, match="not_begun"):
        scheduled().hold([AMINA], member_ids=MEMBERS, now=early, may_be_early=False)
    scheduled().hold([AMINA], member_ids=MEMBERS, now=early, may_be_early=True)


# -- the lifecycle

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


def cancelled() -> Meeting:
    meeting = scheduled()
    meeting.cancel("Intemperies")
    meeting.forget_recorded()
    return meeting


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


def written(meeting: Meeting, **changes) -> Minutes:
    texts = {"summary": "Nous avons appris.", "discussion": "Entre nous.", "decisions": ["Essayer"], "actions": []}
    minutes = Minutes.open(meeting)
    minutes.write(**texts | changes, member_ids=MEMBERS)
    return minutes


def test_publishing_tells_the_members_all_but_the_discussion():
    meeting = held()
    minutes = written(meeting)
    minutes.publish(meeting=meeting, reader_ids=[BRAHIM, AMINA])
    assert minutes.recorded == [
        MinutesPublished(
            meeting_id=meeting.id,
            community_id=COMMUNITY,
            reader_ids=[AMINA, BRAHIM],
            subject="Evaluer autrement",
            starts_at=STARTS_AT,
            zone="Africa/Casablanca",
            summary="Nous avons appris.",
            decisions=["Essayer"],
        )
    ]


def test_the_discussion_is_for_members():
    minutes = written(held())
    assert minutes.read(as_member=True)["discussion"] == "Entre nous."
    assert minutes.read(as_member=False)["discussion"] is None


def test_minutes_are_published_after_the_meeting_was_held():
    meeting = scheduled()
    minutes = written(meeting)
    with pytest.raises(Refused, match="meeting_not_held"):
        minutes.publish(meeting=meeting, reader_ids=MEMBERS)
    assert minutes.state is MinutesState.DRAFT


def test_minutes_without_a_summary_are_not_published():
    meeting = held()
    with pytest.raises(Invalid, match="incomplete"):
        written(meeting, summary="").publish(meeting=meeting, reader_ids=MEMBERS)


def test_published_minutes_stand():
    meeting = held()
    minutes = written(meeting)
    minutes.publish(meeting=meeting, reader_ids=MEMBERS)
    with pytest.raises(Refused, match="wrong_state"):
        minutes.publish(meeting=meeting, reader_ids=MEMBERS)
    with pytest.raises(Refused, match="wrong_state"):
        minutes.write(summary="Autre", discussion="", decisions=[], actions=[], member_ids=MEMBERS)
    assert minutes.summary == "Nous avons appris."


@pytest.mark.parametrize("meeting", [planned(), cancelled()], ids=["planned", "cancelled"])
def test_there_is_nothing_to_write_of_a_meeting_without_a_date(meeting):
    with pytest.raises(Refused, match="no_meeting"):
        Minutes.open(meeting)


def test_an_action_is_a_members():
    action = {"what": "Prêter le kit", "by": BRAHIM, "due_on": date(2026, 5, 1)}
    assert written(held(), actions=[action]).actions == [
        {"what": "Prêter le kit", "by": str(BRAHIM), "due_on": "2026-05-01"}
    ]
    with pytest.raises(Invalid, match="unknown_doer"):
        written(held(), actions=[action | {"by": uuid4()}])
