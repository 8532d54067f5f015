"""A member is erased: meetings and minutes stay, and nobody can tell any more who it was."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from stored import traits_in

from meetings.convening.model import Meeting
from meetings.roster.projections import Member
from shared.events import MeetingCancelled, MinutesPublished, PrincipalErased

pytestmark = pytest.mark.both_databases

FR, AR = "Rachida Meknassi", "رشيدة المكناسي"
AGENDA = [{"title": f"Exposé de {FR}", "minutes": 20}]


def erased(circle, person: UUID) -> PrincipalErased:
    return PrincipalErased(principal_id=person, community_ids=[circle.community_id], erased_at=datetime.now(UTC))


def other_names(circle) -> None:
    """The others are called otherwise: only one is to go."""
    with circle.driven.sessions.transaction() as session:
        others = Member.principal_id != circle.member_ids[0]
        session.execute(update(Member).where(others).values(name_fr="Ali Tazi", name_ar="علي التازي"))


def minute(circle) -> None:
    meeting = circle.schedule()
    for member in (circle.member(0), circle.member(1)):
        assert member.change(f"{meeting}/answer", {"answer": "yes"}).status_code == 200
    with circle.driven.sessions.transaction() as session:
        session.execute(update(Meeting).values(starts_at=datetime.now(UTC) - timedelta(hours=1), agenda=AGENDA))
    held = circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(id) for id in circle.member_ids[:2]]})
    assert held.status_code == 200, held.json
    texts = {
        "summary": f"{FR} a présenté, puis Ali Tazi. قدمت {AR} العرض.",
        "discussion": f"Désaccord entre {FR.upper()} et Ali Tazi",
        "decisions": [f"Un groupe autour de {FR}"],
        "actions": [{"what": f"Appeler {FR}", "by": str(circle.member_ids[0]), "due_on": "2030-01-01"}],
    }
    path = f"{meeting}/minutes"
    assert circle.coordinator.post(path, texts, headers={"Idempotency-Key": "m"}).status_code < 300
    assert circle.coordinator.change(f"{path}/publish").status_code == 200


def test_what_was_written_stays_without_their_name(eager_circle):
    circle = eager_circle
    minute(circle)
    gone = circle.plan(subject=f"Chez {FR}")
    scheduled = {"starts_at": (datetime.now(UTC) + timedelta(days=9)).isoformat(), "place": f"Chez {FR}"}
    assert circle.coordinator.change(f"{gone}/schedule", scheduled).status_code == 200
    assert circle.coordinator.change(f"{gone}/cancel", {"reason": f"{FR} est malade"}).status_code == 200
    other_names(circle)
    url = circle.driven.settings.database_url
    assert {line.partition(":")[0] for line in traits_in(url, [FR, AR])} >= {"meeting", "minutes", "member", "outbox"}

    circle.driven.hear(erased(circle, circle.member_ids[0]))

    assert traits_in(url, [FR, AR]) == []
    (minutes,), (cancelled,) = circle.driven.told(MinutesPublished), circle.driven.told(MeetingCancelled)
    assert minutes.summary == "un ancien membre a présenté, puis Ali Tazi. قدمت عضو سابق العرض."
    assert minutes.decisions == ["Un groupe autour de un ancien membre"]
    assert (cancelled.place, cancelled.reason) == ("Chez un ancien membre", "un ancien membre est malade")
    with circle.driven.sessions.reader() as session:
        member = session.get(Member, (circle.community_id, circle.member_ids[0]))
        assert (member.name_fr, member.name_ar) == ("Ancien membre", "عضو سابق")
        agendas = session.scalars(select(Meeting.agenda)).all()
    assert any(item["title"] == "Exposé de un ancien membre" for agenda in agendas for item in agenda)
    assert circle.member(0).get(f"/v1/communities/{circle.community_id}").status_code == 403


def test_joining_heard_after_the_erasure_does_not_bring_the_name_back(circle):
    person = circle.member_ids[1]
    circle.driven.hear(erased(circle, person))
    circle.driven.hear(circle.joined(person, joined_at=datetime.now(UTC)))
    with circle.driven.sessions.reader() as session:
        assert session.get(Member, (circle.community_id, person)).name_fr == "Ancien membre"
        assert session.get(Member, (circle.community_id, circle.member_ids[2])).name_fr == FR
