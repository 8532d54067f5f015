"""What the queues do with what is delivered, on each version of RabbitMQ: rejected, too often returned, taken over.

Both ways to make them are tried: arguments alone, as services do, and policies, as `topology apply` does.
"""

import ast
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice

import kombu
import pytest
from amqp.exceptions import MessageNacked
from architecture.rules import SOURCES, modules
from bells import listeners

from shared.messaging.push import topology
from shared.messaging.push.deviations import Comparison, policy_of
from shared.messaging.push.management import Binding, Management
from shared.testing.virtual_host import VirtualHost
from shared.testing.waiting import eventually

EAR, DEAD = "bells.ear", "bells.ear.dead"
RING = "bells.bell_rung.v1"


@pytest.fixture
def management(virtual_host):
    with Management(virtual_host.management_url, virtual_host.name) as management:
        yield management


def apply(_host: VirtualHost, management: Management) -> None:
    for deviation in Comparison(management, topology.declared(listeners())).deviations():
        deviation.mend()


def declare(host: VirtualHost, _management: Management) -> None:
    with kombu.Connection(host.url) as connection:
        topology.declare(connection.default_channel, listeners())


@pytest.fixture
def applied(virtual_host, management) -> VirtualHost:
    apply(virtual_host, management)
    return virtual_host


@pytest.fixture(params=[apply, declare], ids=["policies", "arguments"])
def made(request, virtual_host, management) -> VirtualHost:
    request.param(virtual_host, management)
    return virtual_host


@pytest.fixture
def broker_version(broker) -> tuple[int, ...]:
    with kombu.Connection(broker.url) as connection:
        connection.connect()
        version = connection.connection.server_properties["version"]
    return tuple(int(part) for part in version.split("."))


def ring(host: VirtualHost, *bodies: str) -> None:
    """As the relay does: into the exchange, confirmed. Raises `MessageNacked` if the queue is full."""
    with kombu.Connection(host.url, transport_options={"confirm_publish": True}) as connection:
        producer = kombu.Producer(connection, topology.EVENTS, auto_declare=False)
        for body in bodies:
            producer.publish(body, routing_key=RING, mandatory=True, delivery_mode=2, timeout=5)


class Listener:
    """Takes deliveries from the queue on a connection of its own, and settles them by hand."""

    def __init__(self, connection: kombu.Connection, queue: str, prefetch: int = 1) -> None:
        self.connection, self._got = connection, []
        self.consumer = kombu.Consumer(
            connection.channel(), [kombu.Queue(queue)], on_message=self._got.append, auto_declare=False
        )
        self.consumer.qos(prefetch_count=prefetch)
        self.consumer.consume()

    def next(self) -> kombu.Message:
        while not self._got:
            self.connection.drain_events(timeout=10)
        return self._got.pop(0)

    def has_none(self, within: float = 0.2) -> bool:
        try:
            self.connection.drain_events(timeout=within)
        except TimeoutError:
            return not self._got
        return False


@contextmanager
def listening(host: VirtualHost, queue: str = EAR) -> Iterator[Listener]:
    with kombu.Connection(host.url) as connection:
        yield Listener(connection, queue)


def waiting(host: VirtualHost, queue: str) -> int:
    with kombu.Connection(host.url) as connection:
        return connection.default_channel.queue_declare(queue, passive=True).message_count


def first_dead(host: VirtualHost) -> kombu.Message:
    eventually(lambda: waiting(host, DEAD) == 1, what="the message is among the dead letters")
    with listening(host, DEAD) as dead:
        return dead.next()


def test_what_is_rejected_is_among_the_dead_letters_with_the_reason(made):
    ring(made, "one")
    with listening(made) as ear:
        ear.next().reject()
    dead = first_dead(made)
    assert (dead.body, dead.headers["x-death"][0]["reason"]) == ("one", "rejected")
    assert waiting(made, EAR) == 0


def test_a_dead_letter_that_finds_no_queue_waits_until_there_is_one(made, management):
    """At least once: at most once, which the broker falls back to silently, would have dropped it."""
    way = Binding("events.dlx", DEAD, DEAD)
    management.unbind(way)
    ring(made, "one", "two")
    with listening(made) as ear:
        ear.next().reject()
        ear.next().ack()
        assert ear.has_none()
    assert waiting(made, DEAD) == 0
    management.bind(way)
    # The broker tries again every three minutes, and at once when the policy of the queue changes.
    ear = topology.declared(listeners())[-1]
    management.put_policy(EAR, policy_of(ear) | {"definition": {**ear.rules, "max-length": 999_999}})
    assert first_dead(made).body == "one"


Deliveries = Iterator[int | None]  # what the broker had counted before each


def returned_by_reject(host: VirtualHost) -> Deliveries:
    with listening(host) as ear:
        while True:
            message = ear.next()
            message.requeue()
            yield message.headers.get("x-delivery-count")


def returned_by_nack(host: VirtualHost) -> Deliveries:
    """`basic.nack` with requeue, which the client has no method for, and ours never sends."""
    with listening(host) as ear:
        while True:
            message = ear.next()
            ear.consumer.channel.send_method((60, 120), "Lbb", (message.delivery_tag, False, True))
            yield message.headers.get("x-delivery-count")


def returned_by_a_lost_connection(host: VirtualHost) -> Deliveries:
    while True:
        with listening(host) as ear:
            message = ear.next()
            ear.connection.collect()
        yield message.headers.get("x-delivery-count")


def take(deliveries: Deliveries, times: int) -> list[int | None]:
    with closing(deliveries):
        return list(islice(deliveries, times))


@pytest.mark.parametrize("deliveries", [returned_by_reject, returned_by_a_lost_connection])
def test_the_twenty_first_delivery_is_the_last(made, deliveries):
    ring(made, "poison")
    with closing(deliveries(made)) as one_by_one:  # open until the end: to close counts as one more
        assert list(islice(one_by_one, 21)) == [None, *range(1, 21)]
        dead = first_dead(made)
    assert (dead.body, dead.headers["x-death"][0]["reason"]) == ("poison", "delivery_limit")


def test_a_limit_is_changed_by_policy_without_touching_the_queue(applied, management):
    ear = topology.declared(listeners())[-1]
    rules = {**ear.rules, "delivery-limit": 2}
    management.put_policy(EAR, policy_of(ear) | {"definition": rules})
    ring(applied, "poison")
    assert take(returned_by_reject(applied), times=3) == [None, 1, 2]
    assert first_dead(applied).body == "poison"


def test_a_nack_would_bring_a_message_back_for_ever_on_rabbitmq_4_3(made, broker_version):
    """Why nothing of ours sends one: see the test below."""
    ring(made, "poison")
    if broker_version >= (4, 3):
        assert take(returned_by_nack(made), times=30) == [None] * 30
        eventually(lambda: (waiting(made, DEAD), waiting(made, EAR)) == (0, 1))
    else:
        assert take(returned_by_nack(made), times=21) == [None, *range(1, 21)]
        assert first_dead(made).body == "poison"


def test_nothing_of_ours_sends_a_nack():
    assert sends_a_nack("channel.basic_nack(tag)") and sends_a_nack("channel.send_method((60, 120), 'Lbb')")
    assert [path for folder in SOURCES for path in modules(folder) if sends_a_nack(path.read_text())] == []


def sends_a_nack(source: str) -> bool:
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return "basic_nack" in names or any(
        ast.unparse(node) == "(60, 120)" for node in nodes if isinstance(node, ast.Tuple)
    )


def test_dead_letters_stay_however_often_somebody_looks_at_them(made):
    """A queue without dead letters of its own drops what was returned twenty times, unless it is told not to."""
    ring(made, "one")
    with listening(made) as ear:
        ear.next().reject()
    eventually(lambda: waiting(made, DEAD) == 1)
    with listening(made, DEAD) as dead:
        for _ in range(30):
            dead.next().requeue()
    eventually(lambda: waiting(made, DEAD) == 1)


def test_a_full_queue_refuses_and_the_publisher_knows(applied, management):
    ear = topology.declared(listeners())[-1]
    management.put_policy(EAR, policy_of(ear) | {"definition": {**ear.rules, "max-length": 2}})
    taken = taken_until_refused(applied)
    assert 2 <= taken < 20
    assert waiting(applied, EAR) == taken


def taken_until_refused(host: VirtualHost, at_most: int = 20) -> int:
    for taken in range(at_most):
        try:
            ring(host, "ring")
        except MessageNacked:
            return taken
    return at_most


def test_a_second_consumer_takes_over_when_the_first_is_lost_and_order_is_kept(made):
    numbers = [str(number) for number in range(10)]
    ring(made, *numbers)
    with kombu.Connection(made.url) as first_line, kombu.Connection(made.url) as second_line:
        first, second = Listener(first_line, EAR, prefetch=5), Listener(second_line, EAR, prefetch=5)
        heard = [first.next() for _ in range(3)]
        heard[0].ack()
        assert second.has_none()
        first_line.collect()
        again = [second.next() for _ in range(5)]
        for message in again:
            message.ack()
        again += [second.next() for _ in range(4)]
    assert [message.body for message in heard] == numbers[:3]
    assert [message.body for message in again] == numbers[1:]
    assert [bool(message.delivery_info["redelivered"]) for message in again][:2] == [True, True]
