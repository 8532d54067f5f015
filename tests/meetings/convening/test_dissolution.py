"""A community that is dissolved meets no more: what is ahead is cancelled, what was held stays."""

from shared.events import CommunityDissolved, MeetingCancelled
from shared.messaging.inbox import InboxRow
from shared.testing.harness import wrap


def dissolved(circle) -> CommunityDissolved:
    about = {"community_id": circle.community_id, "delegation_id": circle.delegation_id}
    return CommunityDissolved(**about, reason="Réunie à la communauté voisine")


def states(circle, *meetings: str) -> list[str]:
    return [circle.officer.get(meeting).json["state"] for meeting in meetings]


def test_what_is_ahead_is_cancelled_and_told_what_was_held_stays(eager_circle):
    circle = eager_circle
    held, ahead, undated = circle.schedule(), circle.schedule(), circle.plan()
    present = {"present_ids": [str(circle.member_ids[1])]}
    assert circle.coordinator.change(f"{held}/hold", present).status_code == 200
    circle.driven.hear(dissolved(circle), dissolved(circle))

    assert states(circle, held, ahead, undated) == ["held", "cancelled", "cancelled"]
    (told,) = circle.driven.told(MeetingCancelled)
    assert (told.reason, told.invitee_ids) == ("Réunie à la communauté voisine", circle.member_ids)
    refused = circle.coordinator.post(f"/v1/communities/{circle.community_id}/meetings", plan_of(circle, ahead))
    assert (refused.status_code, refused.json["code"]) == (409, "community.dissolved")


def plan_of(circle, meeting: str) -> dict:
    kept = circle.officer.get(meeting).json
    wanted = ("subject", "activity", "modality", "duration_minutes", "zone")
    return {name: kept[name] for name in wanted} | {"agenda": [{"title": "Bilan", "minutes": 30}]}


def test_an_end_that_is_told_before_its_beginning_waits(stranger_circle):
    stranger_circle.driven.inbox.receive([wrap(dissolved(stranger_circle))])
    with stranger_circle.driven.sessions.reader() as session:
        assert [row.status for row in session.query(InboxRow)] == ["retry"]
