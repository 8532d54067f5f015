"""The ten steps are proved by facts, in whatever order these are told; nobody ticks anything."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from lives import RULES, has_coordinator, has_rules, meets
from sqlalchemy import select

from membership.app import service
from membership.communities.model.canvas import FILLED_IN
from membership.communities.projections import KnownMeeting, KnownPractice
from shared.events import (
    MeetingCancelled,
    MeetingHeld,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesPublished,
    PracticePublished,
)

SOON = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


def convocation(community_id: UUID, meeting_id: UUID, **more) -> dict:
    return {
        "meeting_id": meeting_id,
        "community_id": community_id,
        "convener_id": uuid4(),
        "invitee_ids": [],
        "subject": "Accueillir",
        "starts_at": SOON,
        "ends_at": SOON + timedelta(hours=2),
        "zone": "Africa/Casablanca",
        "place": "Salle 4",
        "calendar_sequence": 0,
    } | more


def scheduled(community_id: UUID, meeting_id: UUID) -> MeetingScheduled:
    return MeetingScheduled(**convocation(community_id, meeting_id))


def moved(community_id: UUID, meeting_id: UUID) -> MeetingRescheduled:
    later = {"starts_at": SOON + timedelta(days=9), "calendar_sequence": 1}
    return MeetingRescheduled(**convocation(community_id, meeting_id, **later), previous_starts_at=SOON)


def cancelled(community_id: UUID, meeting_id: UUID) -> MeetingCancelled:
    return MeetingCancelled(**convocation(community_id, meeting_id, calendar_sequence=2), reason="Examens")


def held(community_id: UUID, meeting_id: UUID) -> MeetingHeld:
    about = {"meeting_id": meeting_id, "community_id": community_id}
    return MeetingHeld(**about, present_ids=[], held_at=SOON, activity="formal_meeting")


def minutes(community_id: UUID, meeting_id: UUID) -> MinutesPublished:
    about = {"meeting_id": meeting_id, "community_id": community_id, "zone": "Africa/Casablanca"}
    said = {"subject": "Accueillir", "summary": "Tout", "decisions": []}
    return MinutesPublished(**about, **said, reader_ids=[], starts_at=SOON)


def practice(community_id: UUID, practice_id: UUID) -> PracticePublished:
    names = {"author_id": uuid4(), "author_name_fr": "A", "author_name_ar": "ا"}
    said = {"audience": "community", "language": "fr", "title": "Un jardin", "problem": "Lire"}
    return PracticePublished(practice_id=practice_id, community_id=community_id, **names, **said, reader_ids=[])


def done(circle) -> dict[str, int]:
    """The steps that are done, and how many facts prove each."""
    shown = circle.member(0).get(f"{circle.path}/steps").json["steps"]
    assert [step["number"] for step in shown] == list(range(1, 11))
    proved = [step["name"] for step in shown if step["facts"] and len(step["facts"]) >= step["needed"]]
    assert proved == [step["name"] for step in shown if step["state"] == "done"]
    return {step["name"]: len(step["facts"]) for step in shown if step["state"] == "done"}


def test_each_step_is_done_once_facts_prove_it(province):
    circle, hear, id = province.circle(2), province.driven.hear, uuid4
    assert done(circle) == {}
    circle.joins()
    assert done(circle) == {"key_members": 3}
    has_rules(circle)
    has_coordinator(circle)
    assert set(done(circle)) == {"key_members", "charter", "governance"}
    at = circle.community_id
    first, second, third = meetings = [id() for _ in range(3)]
    hear(*(scheduled(at, meeting) for meeting in meetings), scheduled(at, first), cancelled(at, third))
    assert "calendar" not in done(circle)
    hear(scheduled(at, id()), moved(at, second))
    assert done(circle)["calendar"] == 3
    meets(circle, meeting_id=first)
    meets(circle, meeting_id=first)
    assert done(circle)["first_exchanges"] == 1
    meets(circle, meeting_id=second)
    assert "engagement" not in done(circle)
    meets(circle, meeting_id=id(), activity="webinar")
    assert done(circle)["engagement"] == 3
    hear(practice(at, id()))
    assert circle.member(0).post(f"{circle.path}/rules", RULES | {"quorum_percent": 60}).status_code == 201
    whole = {"key_members", "first_exchanges", "governance", "charter", "calendar", "collaboration", "engagement"}
    assert set(done(circle)) == whole | {"evolution"}

    steps = {step["name"]: step for step in circle.member(0).get(f"{circle.path}/steps").json["steps"]}
    assert (steps["impact"]["reason"], steps["objectives"]["reason"]) == ("not_told_yet", "not_proved")
    assert steps["charter"]["label_ar"] == "صياغة ميثاق"
    (adopted,) = steps["charter"]["facts"]
    assert (adopted["what"], adopted["happened_on"]) == ("rules_adopted", RULES["adopted_on"])


def test_a_founded_community_has_its_objectives_and_shows_no_member_by_name(province):
    here = f"/v1/delegations/{province.delegation_id}/canvases"
    canvas = province.officer.post(here, dict.fromkeys(FILLED_IN, "Tout")).json["id"]
    community = province.officer.post(f"/v1/canvases/{canvas}/found", {}).json["id"]
    objectives = province.officer.get(f"/v1/communities/{community}/steps").json["steps"][0]
    assert (objectives["state"], objectives["facts"][0]["thing_id"]) == ("done", canvas)
    circle = province.circle(3)
    members = province.officer.get(f"{circle.path}/steps").json["steps"][1]
    assert [fact["thing_id"] for fact in members["facts"]] == [None] * 3


def rows(driven) -> list[tuple]:
    with driven.sessions.reader() as session:
        meetings = session.execute(select(KnownMeeting.__table__).order_by(KnownMeeting.meeting_id)).all()
        return [tuple(row) for row in (*meetings, *session.execute(select(KnownPractice.__table__)))]


def test_what_is_kept_depends_neither_on_order_nor_on_how_often_it_is_told(drive):
    community, meeting, other = (uuid4() for _ in range(3))
    story = [tells(community, meeting) for tells in (scheduled, moved, held, minutes, cancelled)]
    story += [practice(community, other), held(community, other)]
    straight, backwards = drive(service), drive(service)
    straight.hear(*story)
    backwards.hear(*reversed(story), *story, *reversed(story))
    assert rows(straight) == rows(backwards)
    assert len(rows(straight)) == 3
