"""The relay: what is in the log goes to the broker, in order per key; what is refused holds back its key alone."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import pytest
from bells import hang_bell, ring_bell
from sqlalchemy import select, update

from shared.domain.database import Sessions
from shared.events import decode, decode_data
from shared.messaging import meters
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import LARGEST, OutboxRow
from shared.messaging.push.publisher import BrokerAway
from shared.messaging.relay import Outcome, Publisher, Relay, Unsendable, Waiting


class Broker(Publisher):
    """Writes down what it is sent; refuses the events of some keys, has no queue for others, may be away."""

    def __init__(self) -> None:
        self.sent: list[Waiting] = []
        self.batches = 0
        self.refused_keys: set[str] = set()
        self.unwanted_keys: set[str] = set()
        self.unsendable: set[int] = set()
        self.is_away = False

    def rest(self) -> None:
        pass

    def publish(self, rows: Sequence[Waiting]) -> Outcome:
        self.batches += 1
        if self.is_away:
            raise BrokerAway("gone")
        if self.unsendable & {row.position for row in rows}:
            raise Unsendable("the channel was closed")
        return self._take(rows)

    def _take(self, rows: Sequence[Waiting]) -> Outcome:
        taken = [row for row in rows if row.partition_key not in self.refused_keys]
        self.sent += taken
        return Outcome(
            confirmed={row.position for row in taken},
            unrouted={row.position for row in taken if row.partition_key in self.unwanted_keys},
            refused={row.position for row in rows} - {row.position for row in taken},
        )

    def sent_of(self, bell_id: UUID) -> list[int]:
        return [number_of(row.payload) for row in self.sent if row.partition_key == str(bell_id)]


def number_of(payload: str) -> int:
    return decode_data(decode(payload)).number


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def relay(sessions, broker) -> Iterator[Relay]:
    leadership = Leadership(sessions.engine, "relay")
    yield Relay(sessions, leadership, broker)
    leadership.release()


@pytest.fixture
def ring(sessions) -> Callable[..., None]:
    """Ring, and give the events their places in the log."""
    stamper = Stamper(sessions, Leadership(sessions.engine, "log"))

    def ring(bell_id: UUID, times: int = 1) -> None:
        ring_bell(sessions, bell_id, times)
        stamper.stamp()

    return ring


def rows(sessions: Sessions) -> list[OutboxRow]:
    with sessions.reader() as session:
        found = session.scalars(select(OutboxRow).order_by(OutboxRow.position)).all()
        session.expunge_all()
    return list(found)


def unpublished(sessions: Sessions) -> list[int]:
    return [row.position for row in rows(sessions) if row.published_at is None]


def test_each_key_is_sent_in_order_and_once(sessions, relay, broker, ring):
    one, other = hang_bell(sessions), hang_bell(sessions)
    ring(one, times=3)
    ring(other)
    ring(one)
    assert [relay.step(), relay.step()] == [True, False]
    assert (broker.sent_of(one), broker.sent_of(other)) == ([1, 2, 3, 4], [1])
    assert unpublished(sessions) == []


def test_a_refused_event_is_tried_again_and_says_so(sessions, relay, broker, ring):
    stuck, free = hang_bell(sessions), hang_bell(sessions)
    ring(stuck)
    ring(free)
    broker.refused_keys = {str(stuck)}
    assert relay.step() is True  # the other one was taken
    assert [relay.step(), relay.step()] == [False, False]
    (row, _) = rows(sessions)
    assert (row.published_at, row.attempts) == (None, 3)
    assert "refused" in row.last_error
    broker.refused_keys = set()
    assert relay.step() is True
    assert (broker.sent_of(stuck), unpublished(sessions)) == ([1], [])


def test_what_no_queue_wanted_counts_as_published_and_is_marked(sessions, relay, broker, ring):
    bell_id = hang_bell(sessions)
    ring(bell_id, times=2)
    broker.unwanted_keys = {str(bell_id)}
    relay.step()
    assert broker.sent_of(bell_id) == [1, 2]
    assert all(row.published_at and row.unrouted_at for row in rows(sessions))


def test_the_log_goes_on_while_the_broker_is_away(sessions, relay, broker, ring):
    bell_id = hang_bell(sessions)
    broker.is_away = True
    for number in range(1, 4):
        ring(bell_id)
        with pytest.raises(BrokerAway):
            relay.step()
        assert [row.position for row in rows(sessions)] == list(range(1, number + 1))
    broker.is_away = False
    relay.step()
    assert (broker.sent_of(bell_id), unpublished(sessions)) == ([1, 2, 3], [])


def test_what_was_sent_but_not_marked_is_sent_again(sessions, relay, broker, ring):
    """The process died between the broker's confirm and the mark: twice is right, never is wrong."""
    bell_id = hang_bell(sessions)
    ring(bell_id)
    broker.publish(relay._waiting())
    relay.step()
    assert broker.sent_of(bell_id) == [1, 1]


def quarantined(sessions: Sessions) -> list[int]:
    return [row.position for row in rows(sessions) if row.quarantined_at]


def test_one_that_cannot_be_sent_is_found_among_many_and_holds_back_its_key_alone(sessions, relay, broker, ring):
    bells = [hang_bell(sessions) for _ in range(12)]
    for bell_id in bells * 3:
        ring(bell_id)
    broker.unsendable = {7 + 12}  # the second ring of the seventh bell
    before = meters.quarantined._value.get()
    while relay.step():
        pass
    assert (quarantined(sessions), unpublished(sessions)) == ([19], [19, 31])
    assert [broker.sent_of(bell_id) for bell_id in bells] == [[1, 2, 3]] * 6 + [[1]] + [[1, 2, 3]] * 5
    assert meters.quarantined._value.get() == before + 1
    assert broker.batches < 20  # found by halves


def test_what_leaves_quarantine_goes_in_its_place_and_the_rest_after_it(sessions, relay, broker, ring):
    bell_id = hang_bell(sessions)
    ring(bell_id, times=3)
    broker.unsendable = {2}
    while relay.step():
        pass
    ring(bell_id)
    broker.unsendable = set()
    assert relay.step() is False
    with sessions.transaction() as session:
        session.execute(update(OutboxRow).values(quarantined_at=None))
    relay.step()
    assert (broker.sent_of(bell_id), unpublished(sessions)) == ([1, 2, 3, 4], [])


def test_an_event_larger_than_any_is_not_even_tried(sessions, relay, broker, ring):
    large, small = hang_bell(sessions), hang_bell(sessions)
    ring(large)
    ring(small)
    with sessions.transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.position == 1).values(payload="x" * (LARGEST + 1)))
    relay.step()
    assert (quarantined(sessions), broker.sent_of(small)) == ([1], [1])
    assert str(LARGEST) in rows(sessions)[0].last_error
