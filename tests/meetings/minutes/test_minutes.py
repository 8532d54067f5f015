"""Rules of minutes: no database, no clock."""

from datetime import date
from uuid import uuid4

import pytest
from sittings import AMINA, BRAHIM, COMMUNITY, MEMBERS, STARTS_AT, cancelled, held, planned, scheduled

from meetings.convening.model import Meeting
from meetings.minutes.model import Minutes
from meetings.minutes.model import State as MinutesState
from shared.domain.refusals import Invalid, Refused
from shared.events import (
    MinutesPublished,
)


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
    assert minutes.read(as_member=True).discussion == "Entre nous."
    assert minutes.read(as_member=False).discussion is None


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
