"""What the roster does when it is told twice, late, or too early."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from shared.domain.actor import Role
from shared.events import CommunityMoved, MemberLeft, PracticePublished
from shared.messaging.inbox import InboxRow
from shared.testing.harness import wrap


def left(circle, principal_id):
    return MemberLeft(community_id=circle.community_id, principal_id=principal_id)


def card(circle) -> dict:
    return circle.officer.get(f"/v1/communities/{circle.community_id}").json


def test_the_same_event_again_changes_nothing(circle):
    before = card(circle)
    circle.driven.hear(circle.planned(), circle.joined(circle.member_ids[0]))
    assert card(circle) == before


def test_members_may_be_told_before_their_community(stranger_circle):
    stranger_circle.driven.hear(stranger_circle.joined(uuid4()), stranger_circle.planned())
    assert card(stranger_circle)["member_count"] == 1


def test_somebody_who_leaves_before_joining_is_tried_again(circle):
    driven, somebody = circle.driven, uuid4()
    driven.inbox.receive([wrap(left(circle, somebody))])
    assert statuses(driven) == {"done", "retry"}
    driven.hear(circle.joined(somebody))
    make_due(driven)
    driven.inbox.retry_due()
    assert statuses(driven) == {"done"}
    assert card(circle)["member_count"] == 3


def test_an_old_joining_does_not_bring_back_who_has_left_but_a_new_one_does(circle):
    gone = circle.member_ids[1]
    circle.driven.hear(left(circle, gone), left(circle, gone), circle.joined(gone))
    assert card(circle)["member_count"] == 2
    circle.driven.hear(circle.joined(gone, datetime(2026, 6, 1, tzinfo=UTC)))
    assert card(circle)["member_count"] == 3


def test_who_has_left_reads_no_more_and_is_no_longer_told(circle):
    practice, gone = circle.publish(), circle.member_ids[1]
    circle.driven.hear(left(circle, gone))
    assert circle.member(1).get(practice).status_code == 404
    circle.publish()
    assert gone not in circle.driven.told(PracticePublished)[1].reader_ids


def test_an_author_who_has_left_keeps_what_they_wrote_but_publishes_no_more(circle):
    published, draft = circle.publish(), circle.draft()
    circle.driven.hear(left(circle, circle.member_ids[0]))
    assert circle.author.get(draft).status_code == 200
    assert circle.author.change(f"{draft}/publish").status_code == 403
    assert circle.author.change(f"{published}/archive").status_code == 200


def statuses(driven) -> set[str]:
    with driven.sessions.reader() as session:
        return set(session.scalars(select(InboxRow.status)))


def make_due(driven) -> None:
    with driven.sessions.transaction() as session:
        for row in session.scalars(select(InboxRow).where(InboxRow.status == "retry")):
            row.next_at = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_community_that_moved_lies_in_the_reach_of_its_new_delegation(circle):
    thing, goal = circle.publish(audience="delegation"), uuid4()
    new_officer = circle.driven.call(Role.DELEGATION_OFFICER, unit_id=goal)
    assert [who.get(thing).status_code for who in (circle.officer, new_officer)] == [200, 404]
    circle.driven.hear(CommunityMoved(community_id=circle.community_id, delegation_id=goal))
    assert [who.get(thing).status_code for who in (circle.officer, new_officer)] == [404, 200]
