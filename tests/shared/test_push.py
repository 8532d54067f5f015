"""Push: from the outbox through a real RabbitMQ to the effect, and what becomes of it when the broker is away."""

from uuid import uuid4

import pytest
from bells import hang_bell, on_sqlite, ring_bell
from sqlalchemy import select

from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import OutboxRow
from shared.messaging.push import BrokerPublisher, publisher
from shared.messaging.push.publisher import BrokerAway
from shared.messaging.relay import Relay, Waiting
from shared.testing.waiting import eventually


@pytest.fixture
def line(wire_url):
    line = BrokerPublisher(wire_url)
    yield line
    line.close()


class Sender:
    """Stamps and sends, step by step."""

    def __init__(self, sessions, line) -> None:
        self.leadership = Leadership(sessions.engine, "relay")
        self.stamp = Stamper(sessions, Leadership(sessions.engine, "log")).stamp
        self.relay = Relay(sessions, self.leadership, line)

    def step(self) -> bool:
        return self.stamp() | self.relay.step()


@pytest.fixture
def relay(sessions, line):
    sender = Sender(sessions, line)
    yield sender
    sender.leadership.release()


def rows(sessions) -> list[OutboxRow]:
    with sessions.reader() as session:
        found = session.scalars(select(OutboxRow).order_by(OutboxRow.position)).all()
        session.expunge_all()
    return list(found)


def send_all(relay: Sender) -> None:
    while relay.step():
        pass


def test_every_ring_is_heard_once_and_in_order(sessions, relay, ear, listen):
    bells = [hang_bell(sessions) for _ in range(3)]
    with listen(ear):
        for _ in range(4):
            for bell in bells:
                ring_bell(sessions, bell, times=2)
            relay.step()
        send_all(relay)
        eventually(lambda: len(ear.heard()) == 24)
    assert [ear.heard(bell) for bell in bells] == [list(range(1, 9))] * 3
    assert all(row.published_at and not row.unrouted_at for row in rows(sessions))
    assert (ear.queues.waiting(), ear.queues.dead()) == (0, 0)


@on_sqlite
def test_what_was_sent_while_nobody_listened_waits_in_the_queue(sessions, relay, ear, listen):
    bell = hang_bell(sessions)
    ear.queues.declare()
    ring_bell(sessions, bell, times=30)
    send_all(relay)
    with listen(ear):
        eventually(lambda: ear.heard(bell) == list(range(1, 31)))


@on_sqlite
def test_what_is_sent_again_is_heard_once(sessions, relay, line, ear, listen):
    bell = hang_bell(sessions)
    ring_bell(sessions, bell, times=5)
    with listen(ear):
        relay.stamp()
        for _ in range(3):
            line.publish(relay.relay._waiting())
        send_all(relay)
        eventually(lambda: len(ear.heard(bell)) == 5 and ear.queues.waiting() == 0)
    assert ear.heard(bell) == [1, 2, 3, 4, 5]


@on_sqlite
def test_an_event_for_which_there_is_no_queue_counts_as_published_and_is_marked(sessions, relay):
    ring_bell(sessions, hang_bell(sessions), times=2)
    send_all(relay)
    assert all(row.published_at and row.unrouted_at for row in rows(sessions))


@on_sqlite
def test_while_the_broker_is_away_the_relay_says_so_and_later_sends_all(sessions, relay, ear, listen, wire):
    bell = hang_bell(sessions)
    ear.queues.declare()
    ring_bell(sessions, bell)
    send_all(relay)
    wire.unplug()
    for _ in range(3):
        ring_bell(sessions, bell)
        with pytest.raises(BrokerAway):
            relay.step()
    assert [(row.position, bool(row.published_at)) for row in rows(sessions)] == [
        (1, True), (2, False), (3, False), (4, False),
    ]  # fmt: skip
    wire.plug()
    send_all(relay)
    with listen(ear):
        eventually(lambda: ear.heard(bell) == [1, 2, 3, 4])


@on_sqlite
def test_an_event_whose_confirm_never_came_is_sent_again_on_a_new_line(sessions, relay, ear, listen, wire, monkeypatch):
    monkeypatch.setattr(publisher, "CONFIRM_WITHIN", 0.3)
    bell = hang_bell(sessions)
    ear.queues.declare()
    ring_bell(sessions, bell)
    send_all(relay)
    ring_bell(sessions, bell, times=2)
    wire.freeze()
    with pytest.raises(BrokerAway, match="TimeoutError"):
        relay.step()
    assert [bool(row.published_at) for row in rows(sessions)] == [True, False, False]
    wire.thaw()
    send_all(relay)
    with listen(ear):
        eventually(lambda: len(ear.heard(bell)) == 3 and ear.queues.waiting() == 0)
    assert ear.heard(bell) == [1, 2, 3]


@on_sqlite
def test_a_line_that_was_idle_too_long_is_replaced_without_a_word(sessions, relay, line, wire):
    bell = hang_bell(sessions)
    ring_bell(sessions, bell)
    send_all(relay)
    wire.cut()
    line._line._used_at -= publisher.HEARTBEAT + 1
    ring_bell(sessions, bell)
    send_all(relay)
    assert all(row.published_at for row in rows(sessions))


@on_sqlite
def test_a_relay_without_work_keeps_its_line_and_takes_a_cut_calmly(sessions, relay, line, wire):
    bell = hang_bell(sessions)
    ring_bell(sessions, bell)
    send_all(relay)
    kept = line._line
    relay.step()
    assert line._line is kept
    wire.cut()
    eventually(lambda: relay.step() or line._line is None, what="the dead line is given up")
    ring_bell(sessions, bell)
    send_all(relay)
    assert all(row.published_at for row in rows(sessions))


@on_sqlite
def test_a_cut_in_the_middle_costs_nothing(sessions, relay, ear, listen, wire):
    """Both sides lose their connection again and again while events flow."""
    bells = [hang_bell(sessions) for _ in range(4)]
    with listen(ear, through=wire):
        for round_ in range(6):
            for bell in bells:
                ring_bell(sessions, bell, times=5)
            if round_ % 2:
                wire.cut()
            try:
                send_all(relay)
            except BrokerAway:
                wire.cut()
        eventually(lambda: tried(relay) and not any(row.published_at is None for row in rows(sessions)))
        eventually(lambda: len(ear.heard()) == 120)
    assert [ear.heard(bell) for bell in bells] == [list(range(1, 31))] * 4


def tried(relay: Sender) -> bool:
    try:
        send_all(relay)
    except BrokerAway:
        return False
    return True


@on_sqlite
def test_a_publisher_without_a_broker_says_so(sessions):
    with pytest.raises(BrokerAway):
        BrokerPublisher("amqp://nobody:nobody@127.0.0.1:1//").publish(
            [Waiting(1, uuid4(), "bells.bell_rung.v1", "one", "{}")]
        )
