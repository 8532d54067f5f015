"""Circles: they follow what members take part in, their boundaries are fluid, and a member's own word counts first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from membership.communities.projections import Participation
from membership.joining.model.circle import Circle, Share, circle_of
from membership.joining.model.circle_review import AGAIN_AFTER, CircleReview
from membership.joining.model.membership import Membership
from membership.joining.use_cases import review_circles
from shared.events import CircleChanged, InvitationAnswered, MeetingHeld, PracticePublished

pytestmark = pytest.mark.both_databases

CORE, INNER, OUTER = Circle.CORE, Circle.INNER, Circle.OUTER


def circles(community):
    """As the members list shows them, in the order in which they joined."""
    page = community.province.officer.get(f"{community.path}/members").json["items"]
    shown = {item["principal_id"]: item["circle"] for item in page}
    return [shown[str(id)] for id in community.member_ids]


def met(community, *present, held_at=None, meeting_id=None):
    ids = [community.member_ids[place] for place in present]
    at = held_at or datetime.now(UTC)
    what = {"meeting_id": meeting_id or uuid4(), "community_id": community.community_id}
    return MeetingHeld(**what, present_ids=ids, held_at=at)


def said(community, place, answer, meeting_id):
    ids = {"community_id": community.community_id, "principal_id": community.member_ids[place]}
    return InvitationAnswered(meeting_id=meeting_id, answer=answer, **ids)


def published(community, place):
    told = dict.fromkeys(("author_name_fr", "author_name_ar", "title", "problem"), "Lecture")
    who = {"community_id": community.community_id, "author_id": community.member_ids[place], "reader_ids": []}
    return PracticePublished(practice_id=uuid4(), audience="community", language="fr", **who, **told)


def reviewed(province, now=None):
    with province.driven.sessions.transaction() as session:
        review_circles(session, now or datetime.now(UTC))


def due_at(province):
    with province.driven.sessions.reader() as session:
        return session.scalars(select(CircleReview.due_at)).one()


@pytest.mark.parametrize(
    ("now_in", "share", "then"),
    [
        (OUTER, Share(offered=1, present=1), OUTER),  # of one meeting nothing can be said
        (CORE, Share(), CORE),  # nor of none
        (OUTER, Share(offered=4, present=3), CORE),
        (OUTER, Share(offered=4, present=2), INNER),
        (OUTER, Share(offered=3, present=1), OUTER),
        (INNER, Share(offered=3, present=1), INNER),  # who is in, stays longer than others take to come in
        (CORE, Share(offered=3, present=2), CORE),
        (INNER, Share(offered=3, present=2), INNER),
        (CORE, Share(offered=4, present=1), INNER),
        (CORE, Share(offered=5, present=1), OUTER),
        (OUTER, Share(offered=4, present=1, promised=3), INNER),  # a promise is less than to come
        (OUTER, Share(offered=4, promised=4), OUTER),
        (OUTER, Share(offered=4, present=2, published=1), CORE),
    ],
)
def test_a_circle_follows_what_was_made_of_what_was_offered(now_in, share, then):
    assert circle_of(now_in, share, coordinates=False) is then


def test_who_coordinates_is_at_the_core():
    assert circle_of(OUTER, Share(), coordinates=True) is CORE


def test_what_other_services_tell_moves_members_between_circles(province):
    community = province.circle(4)
    driven, meetings = province.driven, [uuid4() for _ in range(4)]
    assert circles(community) == [OUTER] * 4  # newcomers start outer
    for place, meeting in enumerate(meetings):
        driven.hear(said(community, 3, "yes", meeting), said(community, 2, "yes", meeting))
        present = (0, 1, 3) if place < 2 else (0,)
        driven.hear(met(community, *present, meeting_id=meeting), id=UUID(int=place + 1))
    driven.hear(said(community, 2, "no", meetings[0]))  # the last answer counts
    reviewed(province)
    assert circles(community) == [CORE, INNER, OUTER, INNER]
    told = {event.principal_id: event.circle for event in driven.told(CircleChanged)}
    assert told == {community.member_ids[0]: "core", community.member_ids[1]: "inner", community.member_ids[3]: "inner"}
    driven.hear(published(community, 1))
    driven.hear(met(community, 0, 1, 3, meeting_id=meetings[0]), id=UUID(int=1))  # heard again
    reviewed(province)
    assert circles(community) == [CORE, CORE, OUTER, INNER]
    assert len(driven.told(CircleChanged)) == 4


def test_circles_move_as_months_pass_though_nothing_happens(province):
    community = province.circle(2)
    now = datetime.now(UTC)
    province.driven.hear(*(met(community, 0, held_at=now + timedelta(days=days)) for days in (1, 2)))
    reviewed(province)
    assert circles(community) == [CORE, OUTER]
    again = due_at(province)
    reviewed(province)  # not due
    assert AGAIN_AFTER - timedelta(minutes=5) < again - now < AGAIN_AFTER + timedelta(minutes=5)
    province.driven.hear(*(met(community, held_at=now + timedelta(days=days)) for days in (300, 301)))
    reviewed(province, now + timedelta(days=310))
    assert circles(community) == [INNER, OUTER]
    reviewed(province, now + timedelta(days=400))  # what they took part in is more than a year ago
    assert circles(community) == [OUTER, OUTER]


def test_who_is_confirmed_is_at_the_core_without_any_meeting(province):
    community = province.circle(3)
    assert province.officer.post(f"{community.elected(1)}/confirm").status_code == 200
    reviewed(province)
    assert circles(community) == [OUTER, CORE, OUTER]


def test_meetings_of_before_somebody_joined_were_not_offered_to_them(province):
    community = province.circle(1)
    now = datetime.now(UTC)
    province.driven.hear(*(met(community, held_at=now - timedelta(days=days)) for days in (9, 8, 7)))
    province.driven.hear(*(met(community, 0, held_at=now + timedelta(seconds=place)) for place in (1, 2)))
    reviewed(province, now + timedelta(minutes=1))
    assert circles(community) == [CORE]


def test_a_member_can_always_choose_to_be_outer(province):
    community = province.circle(2)
    member, path = community.member(0), f"{community.path}/circle"
    province.driven.hear(*(met(community, 0, 1) for _ in range(2)))
    reviewed(province)
    chosen = member.put(path, {"choice": "outer"})
    assert (chosen.status_code, chosen.json["circle"], chosen.json["circle_choice"]) == (200, "outer", "outer")
    province.driven.hear(met(community, 0, 1))
    reviewed(province)
    assert circles(community) == [OUTER, CORE]
    assert member.put(path, {"choice": "core"}).status_code == 422  # nobody chooses to be at the core
    assert member.put(path, {"choice": None}).json["circle_choice"] is None
    reviewed(province, datetime.now(UTC) + AGAIN_AFTER + timedelta(hours=1))
    assert circles(community) == [CORE, CORE]
    (mine,) = member.get("/v1/me/communities").json["items"]
    assert mine["membership"]["circle"] == "core"
    (stranger,) = province.people(1)
    assert province.principal(stranger).put(path, {"choice": "outer"}).status_code == 404


def test_a_large_community_is_looked_at_a_few_members_at_a_time(province, monkeypatch):
    for module in ("membership.joining.queries.circles", "membership.joining.model.circle_review"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 2)
    community = province.circle(5)
    province.driven.hear(*(met(community, *range(5)) for _ in range(2)))
    seen = []
    for _ in range(3):
        reviewed(province)
        seen.append(circles(community).count(CORE))
    assert seen == [2, 4, 5]
    assert due_at(province) > datetime.now(UTC)


def test_what_is_told_again_from_anywhere_on_ends_in_the_same(sqlite_province):
    community = sqlite_province.circle(2)
    driven, meeting = sqlite_province.driven, uuid4()
    answers = [said(community, 0, answer, meeting) for answer in ("yes", "no", "yes", "maybe")]
    history = [met(community, 0, 1, meeting_id=meeting), *answers, said(community, 1, "yes", meeting)]

    def kept():
        with driven.sessions.reader() as session:
            return {(row.principal_id, row.kind) for row in session.scalars(select(Participation))}

    driven.hear(*history, key="told")
    first = kept()
    for start in range(len(history)):
        driven.hear(*history[start:], key="told")
        assert kept() == first
    assert first == {
        (community.member_ids[place], kind) for place, kind in ((0, "present"), (1, "present"), (1, "said_yes"))
    }


def test_a_member_who_leaves_meanwhile_is_left_out_and_starts_outer_again(province):
    community = province.circle(2)
    province.driven.hear(*(met(community, 0, 1) for _ in range(2)))
    assert community.member(0).post(f"{community.path}/leave").status_code == 200
    reviewed(province)
    assert circles(community) == [OUTER, CORE]
    with province.driven.sessions.reader() as session:
        assert session.scalars(select(Membership.state).order_by(Membership.circle)).all() == ["member", "left"]
