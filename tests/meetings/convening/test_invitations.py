"""Rules of invitations and presence: no database, no clock."""

from datetime import timedelta

import pytest
from sittings import AMINA, BRAHIM, COMMUNITY, MEMBERS, NOW, SALMA, STARTS_AT, held, planned, scheduled

from meetings.convening.model import Answer, Attendance, MeetingState, Modality
from shared.domain.refusals import Invalid, Refused
from shared.events import (
    InvitationAnswered,
    MeetingHeld,
)


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
    told = {"present_ids": [SALMA, AMINA], "held_at": STARTS_AT, "activity": "workshop"}
    assert meeting.recorded == [MeetingHeld(meeting_id=meeting.id, community_id=COMMUNITY, **told)]


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
