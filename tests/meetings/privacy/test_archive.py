"""What meetings holds about one person: what concerns them, and nothing that others said among themselves."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.events import ArchiveAsked, MeetingsPartGathered

MINUTES = {"summary": "Trois cas vus ensemble", "discussion": "Entre nous", "decisions": ["Un livret commun"]}


@pytest.fixture
def circle(eager_circle):
    """One meeting was held: the second member led an item, answered, came, and has something to do since."""
    second = str(eager_circle.member_ids[1])
    meeting = eager_circle.plan(agenda=[{"title": "Trois cas", "minutes": 60, "led_by": second}])
    for caller, act, wish in (
        (eager_circle.coordinator, "schedule", {"starts_at": soon(), "place": "Salle 3"}),
        (eager_circle.member(1), "answer", {"answer": "yes", "attendance": "remote"}),
        (eager_circle.coordinator, "hold", {"present_ids": [second]}),
        (
            eager_circle.coordinator,
            "minutes",
            MINUTES | {"actions": [action(second), action(str(first(eager_circle)))]},
        ),
        (eager_circle.coordinator, "minutes/publish", None),
    ):
        answer = caller.change(f"{meeting}/{act}", wish)
        assert answer.status_code in (200, 201), answer.json
    return eager_circle


def soon() -> str:
    return (datetime.now(UTC) + timedelta(days=10)).isoformat()


def first(circle):
    return circle.member_ids[0]


def action(by: str) -> dict:
    return {"what": "Rédiger le livret", "by": by, "due_on": "2027-06-01"}


def gathered(circle, principal_id) -> dict[str, list]:
    circle.driven.hear(ArchiveAsked(archive_id=uuid4(), principal_id=principal_id))
    return json.loads(circle.driven.told(MeetingsPartGathered)[-1].content)


def test_a_member_finds_what_they_were_asked_said_and_have_to_do(circle):
    told = gathered(circle, circle.member_ids[1])
    (membership,), (invitation,), (meeting,) = told["memberships"], told["invitations"], told["meetings_invited_to"]
    assert (membership["name_fr"], membership["has_left"]) == ("Rachida Meknassi", False)
    assert (invitation["answer"], invitation["attendance"], invitation["present"]) == ("yes", "remote", True)
    assert (meeting["subject"], meeting["state"]) == ("Evaluer autrement", "held")
    assert [item["title"] for item in told["agenda_items_led"]] == ["Trois cas"]
    assert [item["what"] for item in told["actions_assigned"]] == ["Rédiger le livret"]
    assert not {"meetings_convened", "minutes_written", "coordinated_communities"} & told.keys()


def test_a_coordinator_finds_what_they_convened_and_wrote_less_what_was_said_in_confidence(circle):
    told = gathered(circle, first(circle))
    assert [meeting["subject"] for meeting in told["meetings_convened"]] == ["Evaluer autrement"]
    (minutes,) = told["minutes_written"]
    assert (minutes["summary"], minutes["decisions"]) == (MINUTES["summary"], MINUTES["decisions"])
    assert MINUTES["discussion"] not in json.dumps(told, ensure_ascii=False)
    assert [community["name_fr"] for community in told["coordinated_communities"]] == ["Atlas"]


def test_a_stranger_finds_nothing(circle):
    assert gathered(circle, uuid4()) == {}
