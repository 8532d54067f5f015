"""The relay: every committed event gets its place, without a gap; a refused one holds back its key alone."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from uuid import UUID

import pytest
from bells import Bell, hang_bell, on_postgresql, ring_bell, somebody_waits_for_a_lock
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shared.domain.database import Sessions
from shared.events import decode, decode_data
from shared.messaging import relay as relay_module
from shared.messaging.leadership import Leadership
from shared.messaging.outbox import OutboxRow
from shared.messaging.push.publisher import BrokerAway
from shared.messaging.relay import BATCH, Outcome, Publisher, Relay, in_waves
from shared.testing.waiting import eventually


class Broker(Publisher):
    """Writes down what it is sent; refuses the events of some keys, has no queue for others, may be away."""

    def __init__(self) -> None:
        self.waves: list[list[tuple[str, int]]] = []
        self.refused_keys: set[str] = set()
        self.unwanted_keys: set[str] = set()
        self.waves_until_away: int | None = None

    def rest(self) -> None:
        pass

    def publish(self, rows: list[OutboxRow]) -> Outcome:
        if self.waves_until_away == len(self.waves):
            raise BrokerAway("gone")
        self.waves.append([(row.partition_key, row.sequence) for row in rows])
        outcome = Outcome()
        outcome.confirmed = {row.id for row in rows if row.partition_key not in self.refused_keys}
        outcome.unrouted = {row.id for row in rows if row.partition_key in self.unwanted_keys}
        return outcome

    def sent_of(self, bell_id: UUID) -> list[int]:
        return [sequence for wave in self.waves for key, sequence in wave if key == str(bell_id)]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def relay(sessions, broker) -> Iterator[Relay]:
    leadership = Leadership(sessions.engine, "relay")
    yield Relay(sessions, leadership, broker)
    leadership.release()


def log_of(sessions: Sessions, after: int = 0) -> list[OutboxRow]:
    """What a naive reader of the feed sees: all that lies beyond the last position it knows."""
    with sessions.reader() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.position > after).order_by(OutboxRow.position)).all()
        session.expunge_all()
    return list(rows)


def numbers_of(rows: list[OutboxRow], bell_id: UUID) -> list[int]:
    return [decode_data(decode(row.payload)).number for row in rows if row.aggregateid == str(bell_id)]


def unpublished(sessions: Sessions) -> list[OutboxRow]:
    return [row for row in log_of(sessions) if row.published_at is None]


def test_positions_start_at_one_and_leave_no_gap(sessions, relay):
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id, times=3)
    assert relay.step() is True
    ring_bell(sessions, bell_id, times=2)
    assert relay.step() is True
    assert relay.step() is False
    assert [(row.position, row.sequence) for row in log_of(sessions)] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]


def test_more_than_a_batch_is_stamped_in_order(sessions, relay):
    with sessions.transaction() as session:
        bell = Bell.hang()
        session.add(bell)
        for _ in range(BATCH + 50):
            bell.ring()
        bell_id = bell.id
    while relay.step():
        pass
    assert [row.position for row in log_of(sessions)] == list(range(1, BATCH + 51))
    assert numbers_of(log_of(sessions), bell_id) == list(range(1, BATCH + 51))


@on_postgresql
def test_a_slow_transaction_is_seen_late_and_not_lost(sessions):
    """The trap of `id > last seen`: the slow one has the lower number, and commits after the fast one was read."""
    relay = Relay(sessions, Leadership(sessions.engine, "relay"), None)
    slow, fast = hang_bell(sessions), hang_bell(sessions)
    with sessions.transaction() as session:
        session.get_one(Bell, slow).ring()
        session.flush()
        ring_bell(sessions, fast)
        relay.stamp()
        (seen,) = log_of(sessions)
    relay.stamp()
    (late,) = log_of(sessions, after=seen.position)
    assert (seen.aggregateid, late.aggregateid) == (str(fast), str(slow))
    assert late.seq < seen.seq


@on_postgresql
def test_eight_writers_and_a_naive_reader(sessions):
    relay = Relay(sessions, Leadership(sessions.engine, "relay"), None)
    bells = [hang_bell(sessions) for _ in range(8)]
    read: list[OutboxRow] = []

    def write(number: int) -> None:
        for ring in range(1, 16):
            with sessions.transaction() as session:
                session.get_one(Bell, bells[number]).ring()
                session.flush()
                if ring % 5 == 0:  # every fifth stays open while the next writer gets something done
                    ring_bell(sessions, hang_bell(sessions))

    def read_on() -> None:
        relay.stamp()
        read.extend(log_of(sessions, after=read[-1].position if read else 0))

    with ThreadPoolExecutor(8) as writers:
        done = [writers.submit(write, number) for number in range(8)]
        while not all(each.done() for each in done):
            read_on()
    [each.result() for each in done]
    read_on()
    assert [row.position for row in read] == list(range(1, 8 * 15 + 8 * 3 + 1))
    assert [numbers_of(read, bell) for bell in bells] == [list(range(1, 16))] * 8


def test_two_relays_at_once_leave_no_gap_and_no_double(sessions, database_url, open_database):
    """Leadership is left out on purpose: for a moment two may believe that they lead."""
    bells = [hang_bell(sessions) for _ in range(4)]
    Relay(sessions, Leadership(sessions.engine, "relay"), None).stamp()
    relays = [Relay(open_database(database_url), Leadership(sessions.engine, "relay"), None) for _ in range(2)]
    written = threading.Event()

    def stamp_on(relay: Relay) -> None:
        while not written.is_set():
            relay.stamp()

    with ThreadPoolExecutor(4) as crew:
        stamping = [crew.submit(stamp_on, relay) for relay in relays]
        writing = [crew.submit(ring_bell, sessions, bell, 20) for bell in bells[:2]]
        [each.result() for each in writing]
        [ring_bell(sessions, bell, 5) for bell in bells[2:]]
        written.set()
        [each.result() for each in stamping]
    relays[0].stamp()
    assert [row.position for row in log_of(sessions)] == list(range(1, 51))
    assert [numbers_of(log_of(sessions), bell) for bell in bells[:2]] == [list(range(1, 21))] * 2


@on_postgresql
def test_a_relay_that_was_overtaken_waits_its_turn(sessions, monkeypatch):
    """It has read where the log ends, and is slow; meanwhile another one comes."""
    has_read, go_on = threading.Event(), threading.Event()
    read_end_of_log = relay_module._book

    def read_and_linger(session):
        book = read_end_of_log(session)
        if not has_read.is_set():
            has_read.set()
            assert go_on.wait(timeout=20)
        return book

    bell_id = hang_bell(sessions)
    Relay(sessions, Leadership(sessions.engine, "relay"), None).stamp()
    monkeypatch.setattr(relay_module, "_book", read_and_linger)
    with ThreadPoolExecutor(2) as crew:
        slow, other = (Relay(sessions, Leadership(sessions.engine, "relay"), None) for _ in range(2))
        ring_bell(sessions, bell_id)
        slow_one = crew.submit(slow.stamp)
        assert has_read.wait(timeout=20)
        other_one = crew.submit(other.stamp)
        eventually(lambda: other_one.done() or somebody_waits_for_a_lock(sessions))
        ring_bell(sessions, bell_id)
        go_on.set()
        assert [slow_one.result(), other_one.result()] == [True, False]
    assert [row.position for row in log_of(sessions)] == [1, 2]


@given(st.lists(st.sampled_from("abcde"), max_size=40))
def test_a_wave_holds_one_event_of_a_key_and_waves_keep_order(keys):
    rows = [SimpleNamespace(partition_key=key, position=position) for position, key in enumerate(keys)]
    waves = in_waves(rows)
    assert all(len({row.partition_key for row in wave}) == len(wave) > 0 for wave in waves)
    for key in set(keys):
        in_order = [row.position for wave in waves for row in wave if row.partition_key == key]
        assert in_order == [row.position for row in rows if row.partition_key == key]
    assert sum(map(len, waves)) == len(rows)


def test_each_key_is_sent_in_order_and_once(sessions, relay, broker):
    one, other = hang_bell(sessions), hang_bell(sessions)
    ring_bell(sessions, one, times=3)
    ring_bell(sessions, other)
    relay.step()
    relay.step()
    assert [sorted(wave) for wave in broker.waves] == [
        sorted([(str(one), 1), (str(other), 1)]),
        [(str(one), 2)],
        [(str(one), 3)],
    ]
    assert unpublished(sessions) == []


def test_a_refused_event_holds_back_its_key_alone(sessions, relay, broker):
    stuck, free = hang_bell(sessions), hang_bell(sessions)
    ring_bell(sessions, stuck, times=3)
    ring_bell(sessions, free, times=3)
    broker.refused_keys = {str(stuck)}
    assert relay.step() is True  # it stamped
    assert relay.publish() is False
    assert broker.sent_of(free) == [1, 2, 3]
    assert set(broker.sent_of(stuck)) == {1}
    assert numbers_of(unpublished(sessions), stuck) == [1, 2, 3]
    broker.refused_keys = set()
    relay.step()
    assert broker.sent_of(stuck)[-3:] == [1, 2, 3]
    assert unpublished(sessions) == []


def test_what_no_queue_wanted_counts_as_published_and_is_marked(sessions, relay, broker):
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id, times=2)
    broker.unwanted_keys = {str(bell_id)}
    relay.step()
    relay.step()
    assert broker.sent_of(bell_id) == [1, 2]
    assert all(row.published_at and row.unrouted_at for row in log_of(sessions))


def test_the_log_goes_on_while_the_broker_is_away(sessions, relay, broker):
    bell_id = hang_bell(sessions)
    broker.waves_until_away = 0
    for ring in range(1, 4):
        ring_bell(sessions, bell_id)
        with pytest.raises(BrokerAway):
            relay.step()
        assert [row.position for row in log_of(sessions)] == list(range(1, ring + 1))
    broker.waves_until_away = None
    relay.step()
    assert broker.sent_of(bell_id) == [1, 2, 3]
    assert unpublished(sessions) == []


def test_a_broker_that_leaves_half_way_is_sent_the_rest_only(sessions, relay, broker):
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id, times=4)
    broker.waves_until_away = 2
    with pytest.raises(BrokerAway):
        relay.step()
    assert numbers_of(unpublished(sessions), bell_id) == [3, 4]
    broker.waves_until_away = None
    relay.step()
    assert broker.sent_of(bell_id) == [1, 2, 3, 4]


def test_what_was_sent_but_not_marked_is_sent_again(sessions, relay, broker):
    """The process died between the broker's confirm and the mark: twice is right, never is wrong."""
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id)
    relay.stamp()
    broker.publish(relay._waiting())
    relay.step()
    assert broker.sent_of(bell_id) == [1, 1]


def test_without_a_broker_positions_are_all_there_is_to_do(sessions):
    leadership = Leadership(sessions.engine, "relay")
    relay = Relay(sessions, leadership, None)
    ring_bell(sessions, hang_bell(sessions))
    assert relay.step() is True
    assert relay.step() is False
    assert [row.published_at for row in log_of(sessions)] == [None]
    leadership.release()
