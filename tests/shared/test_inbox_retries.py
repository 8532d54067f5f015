"""What fails is tried again by a plan, in order; what cannot succeed is dead at once, and its key waits."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from bells import BellRung, Heard, on_postgresql, somebody_waits_for_a_lock
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.events import Envelope
from shared.messaging.inbox import RETRY_AFTER, Inbox, InboxRow
from shared.messaging.subscriptions import Subscriptions, Unrecoverable
from shared.testing.harness import wrap
from shared.testing.waiting import eventually

ONE, OTHER = UUID(int=1), UUID(int=2)


class Ear:
    """Hears every ring, except the numbers it is deaf to for now."""

    def __init__(self) -> None:
        self.deaf_to: dict[int, Exception] = {}
        self.before: dict[int, Callable[[], None]] = {}
        self.tried: list[int] = []
        self.subscriptions = Subscriptions("bells.ear", on={BellRung: self.hear})

    def hear(self, session: Session, event: BellRung) -> None:
        self.tried.append(event.number)
        self.before.get(event.number, lambda: None)()
        if event.number in self.deaf_to:
            raise self.deaf_to[event.number]
        session.add(Heard(bell_id=event.bell_id, number=event.number))


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def inbox(sessions, ear) -> Inbox:
    return Inbox(sessions, ear.subscriptions)


def ring(number: int, bell_id: UUID = ONE) -> Envelope:
    return wrap(BellRung(bell_id=bell_id, number=number), key=str(bell_id))


def heard(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Heard.number).order_by(Heard.seq)))


def rows(sessions: Sessions) -> list[InboxRow]:
    with sessions.reader() as session:
        found = session.scalars(select(InboxRow).order_by(InboxRow.seq)).all()
        session.expunge_all()
    return list(found)


def statuses(sessions: Sessions) -> list[str]:
    return [row.status for row in rows(sessions)]


def let_time_pass(sessions: Sessions) -> None:
    """Until every retry is due."""
    with sessions.transaction() as session:
        session.execute(update(InboxRow).where(InboxRow.status == "retry").values(next_at=datetime.now(UTC)))


def test_a_failing_event_holds_back_its_key_alone(sessions, inbox, ear):
    ear.deaf_to = {2: LookupError("not there yet")}
    inbox.receive([ring(1), ring(2), ring(3), ring(10, OTHER), ring(4), ring(11, OTHER)])
    inbox.receive([ring(5), ring(12, OTHER)])
    assert heard(sessions) == [1, 10, 11, 12]
    assert statuses(sessions) == ["done", "retry", "blocked", "done", "blocked", "done", "blocked", "done"]
    assert set(ear.tried) == {1, 2, 10, 11, 12}


def test_what_waited_follows_in_order_after_the_retry(sessions, inbox, ear):
    ear.deaf_to = {2: LookupError("not there yet")}
    inbox.receive([ring(number) for number in range(1, 6)])
    ear.deaf_to = {}
    let_time_pass(sessions)
    assert inbox.retry_due() is True
    assert heard(sessions) == [1, 2, 3, 4, 5]
    assert statuses(sessions) == ["done"] * 5
    assert all(row.payload is None and row.next_at is None for row in rows(sessions))
    inbox.receive([ring(6)])
    assert heard(sessions) == [1, 2, 3, 4, 5, 6]


def test_what_waited_is_not_forgotten_when_the_process_dies_between_two_retries(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError()}
    inbox.receive([ring(1), ring(2), ring(3)])
    ear.deaf_to, ear.before = {}, {2: sys.exit}
    let_time_pass(sessions)
    with pytest.raises(SystemExit):
        inbox.retry_due()
    ear.before = {}
    assert inbox.retry_due() is True
    assert heard(sessions) == [1, 2, 3]


def test_what_waited_and_fails_in_its_turn_holds_back_the_rest(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError(), 3: LookupError()}
    inbox.receive([ring(number) for number in range(1, 5)])
    ear.deaf_to = {3: LookupError()}
    let_time_pass(sessions)
    assert inbox.retry_due() is True
    assert (heard(sessions), statuses(sessions)) == ([1, 2], ["done", "done", "retry", "blocked"])
    ear.deaf_to = {}
    let_time_pass(sessions)
    inbox.retry_due()
    assert heard(sessions) == [1, 2, 3, 4]


def test_nothing_is_tried_before_its_time(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError()}
    inbox.receive([ring(1)])
    ear.deaf_to = {}
    assert inbox.retry_due() is False
    assert (ear.tried, statuses(sessions)) == ([1], ["retry"])


def test_a_redelivery_of_what_waits_changes_nothing(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError()}
    first, second = ring(1), ring(2)
    inbox.receive([first, second])
    ear.tried.clear()
    for _ in range(3):
        inbox.receive([first, second])
    assert (ear.tried, statuses(sessions)) == ([], ["retry", "blocked"])


def test_the_plan_is_kept_within_half_as_much_and_half_more_and_then_it_is_dead(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError("never")}
    for attempt, delay in enumerate(RETRY_AFTER, 1):
        before = datetime.now(UTC)
        inbox.receive([ring(1)]) if attempt == 1 else inbox.retry_due()
        (row,) = rows(sessions)
        assert (row.status, row.attempts) == ("retry", attempt)
        assert delay * 0.5 <= row.next_at - before <= delay * 1.5 + timedelta(seconds=5)
        let_time_pass(sessions)
    assert inbox.retry_due() is False
    (row,) = rows(sessions)
    assert (row.status, row.attempts, row.next_at) == ("dead", len(RETRY_AFTER) + 1, None)
    assert "LookupError: never" in row.error and "in hear" in row.error
    assert ear.tried == [1] * 6


def test_delays_differ_so_that_not_all_try_at_once(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError()}
    inbox.receive([ring(1, uuid4()) for _ in range(10)])
    moments = [row.next_at for row in rows(sessions)]
    assert max(moments) - min(moments) > timedelta(seconds=1)


def test_what_cannot_be_recovered_is_dead_at_once_and_its_key_waits(sessions, inbox, ear):
    ear.deaf_to = {1: Unrecoverable("no such bell, and there never will be")}
    inbox.receive([ring(1), ring(2), ring(10, OTHER)])
    let_time_pass(sessions)
    assert inbox.retry_due() is False
    assert (heard(sessions), statuses(sessions)) == ([10], ["dead", "blocked", "done"])


def test_data_that_cannot_be_read_is_dead_at_once_and_kept(sessions, inbox, ear):
    whole = ring(1)
    broken = msgspec.structs.replace(whole, data=msgspec.Raw(b'{"bell_id":"none"}'))
    inbox.receive([broken, ring(2, OTHER)])
    dead, _ = rows(sessions)
    assert (dead.status, ear.tried, heard(sessions)) == ("dead", [2], [2])
    assert '{"bell_id":"none"}' in dead.payload


def test_two_who_retry_at_once_are_one_effect(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError()}
    inbox.receive([ring(number) for number in range(1, 8)])
    ear.deaf_to = {}
    let_time_pass(sessions)
    with ThreadPoolExecutor(4) as crew:
        list(crew.map(lambda _: inbox.retry_due(), range(4)))
    assert heard(sessions) == [1, 2, 3, 4, 5, 6, 7]


def test_an_event_that_arrives_while_its_key_is_retried_stays_behind(sessions, inbox, ear):
    ear.deaf_to = {1: LookupError()}
    inbox.receive([ring(number) for number in range(1, 20)])
    ear.deaf_to = {}
    let_time_pass(sessions)
    with ThreadPoolExecutor(2) as crew:
        retrying = crew.submit(inbox.retry_due)
        arriving = crew.submit(lambda: [inbox.receive([ring(number)]) for number in range(20, 40)])
        assert retrying.result() is True
        arriving.result()
    inbox.retry_due()
    assert heard(sessions) == list(range(1, 40))


@on_postgresql
def test_what_arrives_while_its_key_is_in_hand_waits_for_the_outcome(sessions, ear, inbox):
    """Else it would see the first one still parked, and be put behind it after the last look at what waits."""
    in_hand, go_on = threading.Event(), threading.Event()
    inbox.receive([ring(1)])

    def hold() -> None:
        in_hand.set()
        assert go_on.wait(timeout=20)

    ear.before[2] = hold
    with ThreadPoolExecutor(2) as crew:
        first = crew.submit(inbox.receive, [ring(2)])
        assert in_hand.wait(timeout=20)
        second = crew.submit(inbox.receive, [ring(3)])
        eventually(lambda: second.done() or somebody_waits_for_a_lock(sessions))
        inbox.receive([ring(10, OTHER)])
        assert not second.done()
        go_on.set()
        [each.result() for each in (first, second)]
    assert (ear.tried, statuses(sessions)) == ([1, 2, 10, 3], ["done"] * 4)


def test_subscriptions_wait_for_their_own_failures_alone(sessions, inbox, ear):
    other_ear = Ear()
    other_ear.subscriptions.name = "bells.other_ear"
    ear.deaf_to = {1: LookupError()}
    both = [ring(1), ring(2)]
    inbox.receive(both)
    Inbox(sessions, other_ear.subscriptions).receive(both)
    assert statuses(sessions) == ["retry", "blocked", "done", "done"]
