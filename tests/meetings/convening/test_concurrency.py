"""What two do at the same moment, on the database that lets them."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import event, text

from meetings.convening.model import Invitation, Meeting
from shared.events import (
    InvitationAnswered,
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
    MemberLeft,
    MinutesPublished,
)

pytestmark = pytest.mark.both_databases


@contextmanager
def all_loaded_before_any_goes_on(kind: type, callers: int):
    """Whoever loads one of these waits until everybody has: the worst moment, every time."""
    barrier = Barrier(callers, timeout=20)

    def wait(*_) -> None:
        barrier.wait()

    event.listen(kind, "load", wait)
    yield
    event.remove(kind, "load", wait)


@contextmanager
def overtaken(driven, kind: type, moment: str, rival: Callable[[], object]):
    """The first to reach this moment of such a thing stays there until its rival has finished, or waits for it."""
    done, threads = Event(), []

    def overtake(*_) -> None:
        if not threads:
            threads.append(Thread(target=lambda: (rival(), done.set())))
            threads[0].start()
            _until_done_or_waiting(driven, done)

    event.listen(kind, moment, overtake)
    yield
    event.remove(kind, moment, overtake)
    threads[0].join()


def _until_done_or_waiting(driven, done: Event) -> None:
    waiting = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    for _ in range(1000):
        with driven.sessions.engine.connect() as connection:
            if done.wait(0.02) or connection.scalar(waiting):
                return
    raise TimeoutError("the rival neither finished nor waited")


def at_once(*calls: Callable[[], object]) -> list[int]:
    answers = []
    threads = [Thread(target=lambda call=call: answers.append(call())) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answer.status_code for answer in answers)


def test_of_two_tabs_that_move_a_meeting_at_once_one_is_told_412_and_nothing_is_lost(postgres_circle):
    circle = postgres_circle
    meeting, tabs = circle.schedule(), [circle.coordinator, circle.coordinator]
    seen = circle.coordinator.get(meeting)
    moves = [
        lambda tab=tab, place=place: tab.post(f"{meeting}/reschedule", {"place": place}, seen=seen)
        for tab, place in zip(tabs, ("Salle 4", "Salle 5"), strict=True)
    ]
    with all_loaded_before_any_goes_on(Meeting, 2):
        assert at_once(*moves) == [200, 412]
    moved = circle.driven.told(MeetingRescheduled)
    now = circle.coordinator.get(meeting).json
    assert [(told.place, told.calendar_sequence) for told in moved] == [(now["place"], 1)]


def test_members_who_answer_at_once_are_not_in_each_others_way(postgres_circle):
    circle = postgres_circle
    meeting = circle.schedule()
    callers = [circle.member(place) for place in range(3)]
    answers = [lambda caller=caller: caller.post(f"{meeting}/answer", {"answer": "yes"}) for caller in callers]
    with all_loaded_before_any_goes_on(Meeting, 3):
        assert at_once(*answers) == [200, 200, 200]
    assert len(circle.driven.told(InvitationAnswered)) == 3


def test_minutes_published_twice_at_once_are_told_once(postgres_circle):
    circle = postgres_circle
    meeting = held_meeting(circle)
    tabs, seen = [circle.coordinator, circle.coordinator], circle.coordinator.get(f"{meeting}/minutes")
    publish = [lambda tab=tab: tab.post(f"{meeting}/minutes/publish", seen=seen) for tab in tabs]
    with all_loaded_before_any_goes_on(Meeting, 2):
        assert at_once(*publish) == [200, 412]
    assert len(circle.driven.told(MinutesPublished)) == 1


def test_minutes_begun_twice_at_once_exist_once(postgres_circle):
    circle = postgres_circle
    meeting, tabs = circle.schedule(), [circle.coordinator, circle.coordinator]
    drafts = [
        lambda tab=tab, summary=summary: tab.post(f"{meeting}/minutes", {"summary": summary})
        for tab, summary in zip(tabs, ("Un", "Deux"), strict=True)
    ]
    with all_loaded_before_any_goes_on(Meeting, 2):
        assert 500 not in at_once(*drafts)
    assert circle.coordinator.get(f"{meeting}/minutes").json["summary"] in ("Un", "Deux")


def test_no_answer_is_told_after_the_cancellation(postgres_circle):
    circle = postgres_circle
    meeting, member, coordinator = circle.schedule(), circle.member(1), circle.coordinator

    def cancel() -> None:
        coordinator.change(f"{meeting}/cancel", {"reason": "Neige"})

    with overtaken(circle.driven, Meeting, "load", cancel):
        assert member.post(f"{meeting}/answer", {"answer": "yes"}).status_code == 200
    assert [type(told) for told in circle.driven.told()] == [MeetingScheduled, InvitationAnswered, MeetingCancelled]


def test_who_leaves_while_the_date_is_fixed_is_not_left_invited(postgres_circle):
    circle = postgres_circle
    meeting, gone = circle.plan(), circle.member_ids[1]

    def leave() -> None:
        circle.driven.hear(MemberLeft(community_id=circle.community_id, principal_id=gone))

    with overtaken(circle.driven, Invitation, "init", leave):
        circle.coordinator.change(f"{meeting}/schedule", {"starts_at": in_days(9), "place": "Salle 3"})
    invited = [answer["principal_id"] for answer in circle.coordinator.get(f"{meeting}/answers").json["items"]]
    assert sorted(invited) == [str(circle.member_ids[place]) for place in (0, 2)]


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def held_meeting(circle) -> str:
    meeting = circle.schedule()
    circle.coordinator.change(f"{meeting}/hold", {"present_ids": [str(circle.member_ids[0])]})
    circle.coordinator.change(f"{meeting}/minutes", {"summary": "Nous avons appris."})
    return meeting
