"""Meetings in each state, and what is told of them, for the tests of their rules."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from meetings.convening.model import Meeting, Modality

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


def cancelled() -> Meeting:
    meeting = scheduled()
    meeting.cancel("Intemperies")
    meeting.forget_recorded()
    return meeting
