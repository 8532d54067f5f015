"""What the roster does when it is told twice, late, or too early."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from shared.domain.actor import Role
from shared.events import CommunityMoved, MemberLeft
from shared.messaging.inbox import InboxRow
from shared.testing.harness import wrap


def left(circle, principal_id):
    return MemberLeft(community_id=circle.community_id, principal_id=principal_id)


def card(circle) -> dict:
    return circle.officer.get(f"/v1/communities/{circle.community_id}").json


def parked(driven) -> list[tuple[str, str]]:
    with driven.sessions.reader() as session:
        rows = session.scalars(select(InboxRow).where(InboxRow.status != "done")).all()
        return [(row.status, row.error.strip().splitlines()[-1].split(":")[0]) for row in rows]


def test_the_same_event_again_changes_nothing(circle):
    before = card(circle)
    coordinator = circle.member_ids[0]
    circle.driven.hear(circle.planned(), circle.joined(coordinator), circle.confirmed(coordinator))
    assert card(circle) == before


def test_a_redelivery_is_seen_once(stranger_circle):
    event_id, member = uuid4(), uuid4()
    stranger_circle.driven.hear(stranger_circle.planned())
    for _ in range(2):
        stranger_circle.driven.hear(stranger_circle.joined(member), id=event_id)
    assert card(stranger_circle)["member_count"] == 1


def test_members_may_be_told_before_their_community(stranger_circle):
    stranger_circle.driven.hear(stranger_circle.joined(uuid4()), stranger_circle.planned())
    assert card(stranger_circle)["member_count"] == 1


def test_a_coordinator_told_before_the_community_is_tried_again(stranger_circle):
    driven = stranger_circle.driven
    driven.inbox.receive([wrap(stranger_circle.confirmed(uuid4()))])
    assert parked(driven) == [("retry", "shared.roster.keepers.UnknownCommunity")]
    assert stranger_circle.officer.get(f"/v1/communities/{stranger_circle.community_id}").status_code == 404


def test_a_parked_coordinator_is_known_once_the_community_is(stranger_circle):
    driven, coordinator = stranger_circle.driven, uuid4()
    driven.inbox.receive([wrap(stranger_circle.confirmed(coordinator))])
    driven.hear(stranger_circle.planned())
    make_due(driven)
    driven.inbox.retry_due()
    assert parked(driven) == []
    assert card(stranger_circle)["coordinator_id"] == str(coordinator)


def test_somebody_who_leaves_before_joining_is_tried_again(circle):
    circle.driven.inbox.receive([wrap(left(circle, uuid4()))])
    assert parked(circle.driven) == [("retry", "shared.roster.keepers.UnknownMember")]


def test_who_has_left_sees_nothing_more_and_leaving_twice_is_leaving(circle):
    gone = circle.member_ids[1]
    circle.driven.hear(left(circle, gone), left(circle, gone))
    assert card(circle)["member_count"] == 2
    assert circle.member(1).get(f"/v1/communities/{circle.community_id}").status_code == 404


def test_an_old_joining_does_not_bring_back_who_has_left_but_a_new_one_does(circle):
    gone = circle.member_ids[1]
    circle.driven.hear(left(circle, gone), circle.joined(gone))
    assert card(circle)["member_count"] == 2
    circle.driven.hear(circle.joined(gone, datetime(2026, 6, 1, tzinfo=UTC)))
    assert card(circle)["member_count"] == 3


def test_a_coordinator_who_leaves_coordinates_no_more(circle):
    circle.driven.hear(left(circle, circle.member_ids[0]))
    assert card(circle)["coordinator_id"] is None


def test_another_member_who_leaves_leaves_the_coordinator(circle):
    circle.driven.hear(left(circle, circle.member_ids[1]))
    assert card(circle)["coordinator_id"] == str(circle.member_ids[0])


def test_who_has_left_is_no_longer_invited(circle):
    meeting, gone = circle.schedule(), circle.member_ids[1]
    circle.driven.hear(left(circle, gone))
    answers = circle.coordinator.get(f"{meeting}/answers").json["items"]
    staying = [circle.member_ids[place] for place in (0, 2)]
    assert sorted(answer["principal_id"] for answer in answers) == [str(member_id) for member_id in staying]
    circle.coordinator.change(f"{meeting}/reschedule", {"place": "Salle 9"})
    circle.coordinator.change(f"{meeting}/cancel", {"reason": "Neige"})
    assert [told.invitee_ids for told in circle.driven.told()[1:]] == [staying, staying]


def test_who_has_left_stays_in_the_memory_of_what_was_held(eager_circle):
    circle = eager_circle
    meeting = circle.schedule()
    circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(id) for id in circle.member_ids]})
    circle.driven.hear(left(circle, circle.member_ids[1]))
    answers = circle.coordinator.get(f"{meeting}/answers").json["items"]
    assert [answer["present"] for answer in answers] == [True, True, True]


def make_due(driven) -> None:
    with driven.sessions.transaction() as session:
        for row in session.scalars(select(InboxRow).where(InboxRow.status == "retry")):
            row.next_at = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_community_that_moved_lies_in_the_reach_of_its_new_delegation(circle):
    thing, goal = f"/v1/communities/{circle.community_id}", uuid4()
    new_officer = circle.driven.call(Role.DELEGATION_OFFICER, unit_id=goal)
    assert [who.get(thing).status_code for who in (circle.officer, new_officer)] == [200, 404]
    circle.driven.hear(CommunityMoved(community_id=circle.community_id, delegation_id=goal))
    assert [who.get(thing).status_code for who in (circle.officer, new_officer)] == [404, 200]
