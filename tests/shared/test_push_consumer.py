"""The consumer: comes back by itself, keeps its connection while a handler is slow, survives what is sent to it."""

import subprocess
import threading
import time
from uuid import UUID

import kombu
import pytest
from amqp.exceptions import PreconditionFailed, ResourceLocked
from bells import BellRung, on_postgresql, on_sqlite
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from shared.events import MemberLeft, encode
from shared.messaging.inbox import Inbox, InboxRow
from shared.messaging.push import topology, worker
from shared.testing.harness import wrap
from shared.testing.servers import engine_answers
from shared.testing.waiting import eventually

BELL = UUID(int=1)


def ring(number: int) -> bytes:
    return encode(wrap(BellRung(bell_id=BELL, number=number), key=str(BELL)))


def statuses(sessions) -> list[str]:
    with sessions.reader() as session:
        return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


@on_sqlite
def test_the_queue_is_quorum_with_a_single_active_consumer(ear, rabbitmq_url):
    """Declaring it again with anything else is refused, and the broker says what it is."""
    ear.queues.declare()
    queue = topology.queue_of(ear.subscriptions)
    for argument, other in (("x-queue-type", "classic"), ("x-single-active-consumer", False)):
        with kombu.Connection(rabbitmq_url) as connection, pytest.raises(PreconditionFailed, match=argument):
            kombu.Queue(
                queue.name, durable=True, queue_arguments={**queue.queue_arguments, argument: other}, channel=connection
            ).declare()


@on_sqlite
def test_only_one_of_two_listens_and_the_other_takes_over(sessions, ear, listen, rabbitmq_url):
    ear.queues.declare()
    with listen(ear) as first, listen(ear):
        with kombu.Connection(rabbitmq_url) as connection, pytest.raises(ResourceLocked):
            connection.default_channel.basic_get(ear.queues.name)
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])
        first.stop()
        ear.queues.put(ring(2))
        eventually(lambda: ear.heard() == [1, 2])


@on_sqlite
def test_it_comes_back_after_a_cut_and_after_an_absence(ear, listen, wire):
    with listen(ear, through=wire):
        for number in range(1, 4):
            ear.queues.put(ring(number))
            eventually(lambda: len(ear.heard()) == number)  # noqa: B023
            wire.cut()
        wire.unplug()
        ear.queues.put(ring(4))
        eventually(lambda: ear.queues.listeners() == 0)
        wire.plug()
        eventually(lambda: ear.heard() == [1, 2, 3, 4])


@on_sqlite
def test_it_comes_back_when_its_queue_is_deleted(ear, listen):
    with listen(ear):
        ear.queues.delete()
        eventually(ear.has_a_listener)
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])


@on_sqlite
def test_it_comes_back_when_the_broker_closes_the_connection(ear, listen, rabbitmq_url):
    if not engine_answers():
        pytest.skip("there is no engine, and no broker in a container")
    broker = kombu.Connection(rabbitmq_url)
    found = subprocess.run(["docker", "ps", "-q", "--filter", f"publish={broker.port}"], capture_output=True, text=True)
    if not found.stdout.strip():
        pytest.skip("this broker does not run in a container of ours")
    with listen(ear):
        close = ["rabbitmqctl", "close_all_connections", "--vhost", broker.virtual_host, "by the test"]
        subprocess.run(["docker", "exec", found.stdout.strip(), *close], check=True, capture_output=True)
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])


@on_sqlite
def test_an_event_in_hand_when_the_connection_is_cut_takes_effect_once(sessions, ear, listen, wire):
    in_hand, go_on = threading.Event(), threading.Event()

    def hold(_event: BellRung) -> None:
        in_hand.set()
        assert go_on.wait(timeout=20)

    ear.before = hold
    ear.queues.declare()
    for number in range(1, 4):
        ear.queues.put(ring(number))
    with listen(ear, through=wire):
        assert in_hand.wait(timeout=20)
        wire.cut()
        eventually(lambda: ear.queues.waiting() == 3 or ear.queues.listeners() == 1)
        go_on.set()
        eventually(lambda: ear.queues.waiting() == 0 and len(ear.heard()) == 3)
    assert ear.heard() == [1, 2, 3]
    assert statuses(sessions) == ["done"] * 3


@on_sqlite
def test_a_slow_handler_does_not_cost_the_connection(ear, listen, monkeypatch):
    """The broker hangs up after two missed heartbeats: here, after two seconds."""
    monkeypatch.setattr(topology, "HEARTBEAT", 1)
    ear.before = lambda _event: time.sleep(4)  # the very thing that is tested
    with listen(ear) as listening:
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1] and ear.queues.waiting() == 0)
        assert listening.connections == 1
    assert ear.tried == [1]


@on_sqlite
def test_an_idle_consumer_stops_within_five_seconds(ear, listen):
    with listen(ear) as listening:
        before = time.monotonic()
        listening.stop()
        assert time.monotonic() - before < 5
    assert ear.queues.listeners() == 0


@on_sqlite
def test_a_consumer_that_finds_no_broker_stops_as_well(ear, listen, wire):
    with listen(ear, through=wire) as listening:
        wire.unplug()
        eventually(lambda: not listening.connected.is_set())
        listening.stop()


@on_sqlite
def test_stopping_lets_the_handler_finish_and_tells_the_broker(ear, listen, monkeypatch):
    in_hand, is_finishing = threading.Event(), threading.Event()
    finish = worker.Worker.finish

    def hold(_event: BellRung) -> None:
        in_hand.set()
        assert is_finishing.wait(timeout=20)

    def finish_aloud(one: worker.Worker) -> None:
        is_finishing.set()
        finish(one)

    monkeypatch.setattr(worker.Worker, "finish", finish_aloud)
    ear.before = hold
    with listen(ear) as listening:
        ear.queues.put(ring(1))
        assert in_hand.wait(timeout=20)
        ear.queues.put(ring(2))
        listening.stop()
    assert ear.heard()[0] == 1
    eventually(lambda: len(ear.heard()) + ear.queues.waiting() == 2)


HOSTILE = [
    b"",
    b"not json",
    b"\x80\x04\x95\x0b pickled?",
    b"\xff\xfe{}",
    b"null",
    b'{"specversion": "1.0"}',
    b"x" * 1_000_000,
    ring(1)[:-1] + b',"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ring(1).replace(b'"data":{', b'"data":{"name":"\xff",'),
    ring(1).replace(f'"partitionkey":"{BELL}"'.encode(), b'"partitionkey":"' + b"k" * 5000 + b'"'),
]


@on_sqlite
def test_what_is_no_event_ends_among_the_dead_letters(sessions, ear, listen):
    with listen(ear) as listening:
        for body in HOSTILE:
            ear.queues.put(body)
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])
        eventually(lambda: ear.queues.dead() == len(HOSTILE))
        assert listening.connections == 1
    assert [ear.queues.take_dead() for _ in HOSTILE] == HOSTILE
    assert statuses(sessions) == ["done"]


@on_sqlite
def test_twenty_megabytes_are_refused_by_the_broker_and_harm_nobody(ear, listen, rabbitmq_url):
    with listen(ear) as listening:
        with (
            kombu.Connection(rabbitmq_url, transport_options={"confirm_publish": True}) as connection,
            pytest.raises(PreconditionFailed, match="larger than configured max size"),
        ):
            kombu.Producer(connection.channel()).publish("x" * 20 * 1024 * 1024, routing_key=ear.queues.name)
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])
        assert listening.connections == 1


@on_postgresql
def test_what_no_database_can_store_does_not_hold_up_the_others(sessions, ear, listen):
    unstorable = ring(2).replace(str(BELL).encode(), b"\\u0000", 1)
    assert b'"partitionkey":"\\u0000"' in unstorable
    ear.queues.declare()
    for body in (ring(1), unstorable, ring(3)):
        ear.queues.put(body)
    with listen(ear):
        eventually(lambda: ear.heard() == [1, 3])
        eventually(lambda: ear.queues.dead() == 1)
        eventually(lambda: ear.queues.waiting() == 0)


@on_sqlite
def test_what_nobody_hears_is_skipped_and_data_nobody_can_read_is_kept_as_dead(sessions, ear, listen):
    unheard, undeclared = (encode(wrap(MemberLeft(community_id=BELL, principal_id=BELL))) for _ in range(2))
    with listen(ear):
        ear.queues.put(unheard)
        ear.queues.put(undeclared.replace(b"member_left", b"moon_landed"))
        ear.queues.put(ring(1).replace(b'"number":1', b'"number":[]'))
        eventually(lambda: statuses(sessions) == ["skipped", "skipped", "dead"])
        eventually(lambda: ear.queues.waiting() == 0)
    assert ear.queues.dead() == 0


@on_sqlite
def test_while_the_database_is_away_nothing_is_acknowledged_nor_sent_back(sessions, ear, listen):
    attempts = []

    class Away(Inbox):
        def receive(self, *args, **more):
            attempts.append(args)
            if len(attempts) < 3:
                raise OperationalError("SELECT 1", {}, Exception("away"))
            super().receive(*args, **more)

    with listen(ear, inbox=Away(sessions, ear.subscriptions)) as listening:
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])
        assert listening.connections == 1
    assert (ear.tried, ear.queues.dead(), ear.queues.waiting()) == ([1], 0, 0)


@on_sqlite
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_handling_thread_that_ends_is_noticed(ear, listen):
    def leave(_event: BellRung) -> None:
        ear.before = lambda _event: None
        raise SystemExit

    ear.before = leave
    with listen(ear):
        ear.queues.put(ring(1))
        eventually(lambda: ear.heard() == [1])
