"""The bridge: whatever the broker gives up is found among the dead letters, once, while good events keep flowing."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import kombu
import pytest
from amqp.exceptions import NotFound
from bells import BellRung, on_postgresql, on_sqlite, service_with, settings
from roles import running
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from shared.domain.actor import Actor, Role
from shared.domain.database import Sessions
from shared.events import Envelope, MemberLeft, encode
from shared.messaging.inbox import Inbox, InboxRow
from shared.messaging.outbox import LARGEST
from shared.messaging.push import Bridge, bridge, topology
from shared.messaging.push.bridge import KEPT
from shared.testing.harness import Caller, wrap
from shared.testing.issuer import token as token_of
from shared.testing.waiting import eventually

BELL = UUID(int=1)
WHY = {"reason": "looked at it"}


@pytest.fixture
def rabbitmq_url(broker) -> str:
    """Each version of RabbitMQ at hand."""
    return broker.url


@pytest.fixture
def carry(rabbitmq_url, monkeypatch) -> Callable:
    """`with carry(ear)`: a bridge is at work meanwhile."""
    monkeypatch.setattr(bridge, "RECONNECT_AFTER", (0.05,))

    @contextmanager
    def carrying(ear, kind: Callable[..., Bridge] = Bridge) -> Iterator[Bridge]:
        busy, stop = kind(rabbitmq_url, ear.sessions, ear.subscriptions), threading.Event()
        thread = threading.Thread(target=busy.run, args=(stop,))
        thread.start()
        try:
            eventually(busy.connected.is_set, what="the bridge is connected")
            yield busy
        finally:
            stop.set()
            thread.join(timeout=20)
        assert not thread.is_alive()

    return carrying


def ring(number: int) -> Envelope:
    return wrap(BellRung(bell_id=BELL, number=number), key=str(BELL))


def put(url: str, queue: str, body: bytes, **properties) -> None:
    with kombu.Connection(url) as connection:
        kombu.Producer(connection).publish(
            body, routing_key=queue, content_type="application/octet-stream", content_encoding="binary", **properties
        )


def rows(sessions: Sessions) -> list[InboxRow]:
    with sessions.reader() as session:
        found = session.scalars(select(InboxRow).order_by(InboxRow.seq)).all()
        session.expunge_all()
    return list(found)


def dead(sessions: Sessions) -> list[InboxRow]:
    return [row for row in rows(sessions) if row.status == "dead"]


@pytest.fixture
def operator(database_url, ear) -> Iterator[Caller]:
    app = service_with(subscriptions=ear.subscriptions).create_app(settings(database_url))
    yield Caller(app.test_client(), token_of(Actor(id="amina", role=Role.MINISTRY_ADMINISTRATOR)))
    app.sessions.engine.dispose()


def changed(**attributes) -> bytes:
    return json.dumps(json.loads(encode(ring(1))) | attributes).encode()


UNREADABLE = {
    "not JSON": b"hello, operator",
    "nothing": b"",
    "JSON, but no CloudEvent": b'{"hello": "operator"}',
    "another specversion": changed(specversion="0.3"),
    "an id that is none": changed(id="17"),
    "binary rubbish": bytes(range(256)) * 4,
    "a pickle": b"\x80\x04\x95\x0b\x00\x00\x00",
    "large": b"x" * (2 * 1024 * 1024),
    "an event too large": changed(data={"bell_id": str(BELL), "number": 1, "name": "\u00e9" * LARGEST}),
    "deep": b"[" * 100_000,
    "half a character": b'{"a": "\xff"}',
}


def test_each_hostile_message_is_found_among_the_dead_letters_and_good_ones_keep_flowing(
    sessions, ear, listen, carry, rabbitmq_url
):
    with listen(ear) as listening, carry(ear):
        for number, body in enumerate(UNREADABLE.values(), 1):
            put(rabbitmq_url, ear.queues.name, body, type="bells.hostile.v1")
            put(rabbitmq_url, ear.queues.name, encode(ring(number)))
        put(rabbitmq_url, ear.queues.name, encode(wrap(MemberLeft(community_id=BELL, principal_id=BELL))))
        eventually(lambda: len(dead(sessions)) == len(UNREADABLE))
        eventually(lambda: len(ear.heard()) == len(UNREADABLE) and ear.queues.dead() == 0)
        assert listening.connections == 1
    assert ear.heard() == list(range(1, len(UNREADABLE) + 1))
    found = dead(sessions)
    assert {(row.type, row.exception) for row in found} == {("bells.hostile.v1", "UnreadableMessage")}
    assert len({row.partition_key for row in found}) == len(found)
    assert all(f"rejected in {ear.queues.name}, 1 time, at 20" in row.error for row in found)
    assert [row.status for row in rows(sessions)].count("skipped") == 1


def test_the_body_is_kept_as_text_and_cut_where_it_is_long(sessions, ear, listen, carry, rabbitmq_url):
    with listen(ear), carry(ear):
        for body in UNREADABLE.values():
            put(rabbitmq_url, ear.queues.name, body)
        eventually(lambda: len(dead(sessions)) == len(UNREADABLE))
    payloads = {row.payload: row for row in dead(sessions)}
    assert payloads["hello, operator"].type == "unreadable"
    assert payloads[""].error.endswith("(0 bytes)")
    assert payloads["\\x80\x04\\x95\x0b\\x00\\x00\\x00"]
    large = payloads["x" * KEPT]
    assert large.error.endswith(f"bytes that an event may have ({2 * 1024 * 1024} bytes, cut to {KEPT})")
    assert max(len(payload.encode()) for payload in payloads) <= 4 * KEPT


@on_postgresql
def test_what_no_database_can_store_is_kept_in_its_raw_form(sessions, ear, listen, carry, rabbitmq_url):
    body = encode(ring(1)).replace(str(BELL).encode(), b"\\u0000", 1)
    with listen(ear), carry(ear):
        put(rabbitmq_url, ear.queues.name, body)
        eventually(lambda: len(dead(sessions)) == 1 and ear.queues.dead() == 0)
    (row,) = dead(sessions)
    assert (row.payload, row.exception) == (body.decode(), "UnreadableMessage")
    assert "no database can store it" in row.error


def exhaust(url: str, queue: str) -> None:
    """Hand it back until the broker gives it up."""
    with kombu.Connection(url) as connection:
        again = kombu.Consumer(
            connection, [kombu.Queue(queue)], on_message=lambda message: message.requeue(), auto_declare=False
        )
        with again:
            for _ in range(21):
                connection.drain_events(timeout=20)


def test_an_event_delivered_too_often_is_dead_under_its_own_id_and_can_be_replayed(
    sessions, operator, ear, listen, carry, rabbitmq_url
):
    ear.queues.declare()
    given_up, later = ring(1), ring(2)
    put(rabbitmq_url, ear.queues.name, encode(given_up))
    exhaust(rabbitmq_url, ear.queues.name)
    with carry(ear):
        eventually(lambda: len(dead(sessions)) == 1 and ear.queues.dead() == 0)
    with listen(ear):
        put(rabbitmq_url, ear.queues.name, encode(later))
        eventually(lambda: len(rows(sessions)) == 2)
    assert ear.heard() == []
    (letter,) = operator.get("/v1/dead-letters?source=broker").json["items"]
    assert (letter["id"], letter["type"], letter["exception"]) == (str(given_up.id), given_up.type, "GivenUpByBroker")
    assert "delivery_limit" in letter["error"] and ear.queues.name in letter["error"]
    assert operator.post(f"/v1/dead-letters/{letter['id']}/replay", WHY).status_code == 200
    Inbox(sessions, ear.subscriptions).retry_due()
    assert ear.heard() == [1, 2]


@on_sqlite
def test_what_had_been_taken_in_before_is_acknowledged_and_changes_nothing(sessions, ear, listen, carry, rabbitmq_url):
    known = ring(1)
    Inbox(sessions, ear.subscriptions).receive([known])
    ear.queues.declare()
    put(rabbitmq_url, f"{ear.queues.name}.dead", encode(known))
    with carry(ear):
        eventually(lambda: ear.queues.dead() == 0)
    assert [row.status for row in rows(sessions)] == ["done"]


@on_sqlite
@pytest.mark.parametrize("deaths", [7, "often", [7], [{}], [{"reason": "x" * 5000, "count": "\x00"}] * 10, {"a": 1}])
def test_a_forged_history_stops_nobody(sessions, ear, carry, rabbitmq_url, deaths):
    ear.queues.declare()
    for body in (encode(ring(1)), b"rubbish"):
        put(rabbitmq_url, f"{ear.queues.name}.dead", body, headers={"x-death": deaths}, type="\x00\ud800")
    with carry(ear):
        eventually(lambda: len(dead(sessions)) == 2)
    assert all(len(row.error) < 3000 for row in rows(sessions))
    assert dead(sessions)[1].type == "\\x00\\ud800"


def test_two_bridges_at_once_write_each_letter_down_once(sessions, ear, carry, rabbitmq_url):
    ear.queues.declare()
    for number in range(40):
        put(rabbitmq_url, f"{ear.queues.name}.dead", f"rubbish {number // 2}".encode())
        put(rabbitmq_url, f"{ear.queues.name}.dead", encode(ring(number)))
    with carry(ear), carry(ear):
        eventually(lambda: ear.queues.dead() == 0 and len(dead(sessions)) == 60)
    assert len({row.message_id for row in rows(sessions)}) == 60


def test_nothing_is_acknowledged_before_it_is_written_down(sessions, ear, carry, monkeypatch, rabbitmq_url):
    attempts, insert_into = [], bridge.insert_into

    def away_at_first(session, table):
        attempts.append(table)
        if len(attempts) < 3:
            raise OperationalError("INSERT", {}, Exception("away"))
        return insert_into(session, table)

    monkeypatch.setattr(bridge, "insert_into", away_at_first)
    ear.queues.declare()
    put(rabbitmq_url, f"{ear.queues.name}.dead", b"rubbish")
    with carry(ear):
        eventually(lambda: len(dead(sessions)) == 1 and ear.queues.dead() == 0)
    assert len(attempts) == 3


@on_sqlite
def test_one_that_was_written_down_and_not_acknowledged_comes_again_and_is_one(sessions, ear, carry, rabbitmq_url):
    class Dying(Bridge):
        notes = 0

        def _note(self, row, is_new):
            Dying.notes += 1
            if Dying.notes == 1:
                raise ConnectionResetError("between commit and acknowledgement")
            super()._note(row, is_new)

    ear.queues.declare()
    put(rabbitmq_url, f"{ear.queues.name}.dead", b"rubbish")
    with carry(ear, Dying):
        eventually(lambda: Dying.notes == 2 and ear.queues.dead() == 0)
    assert len(rows(sessions)) == 1


@on_sqlite
def test_a_service_that_may_make_nothing_carries_all_the_same(sessions, ear, carry, virtual_host):
    """As in production: the queues are made by whoever administers the broker."""
    with kombu.Connection(virtual_host.url) as connection:
        topology.declare(connection.default_channel, ear.subscriptions)
    put(virtual_host.url, f"{ear.subscriptions.name}.dead", b"rubbish")
    worker = virtual_host.user("", read=r"^bells\.", write="^events$")
    with carry(ear, lambda _url, *rest: Bridge(worker.url, *rest, passive=True)):
        eventually(lambda: len(dead(sessions)) == 1)


@on_sqlite
def test_it_comes_back_after_its_queue_was_deleted(sessions, ear, carry, rabbitmq_url):
    with carry(ear) as carrying:
        before = carrying.connections
        ear.queues.delete()
        eventually(lambda: carrying.connections > before)
        put(rabbitmq_url, f"{ear.queues.name}.dead", b"rubbish")
        eventually(lambda: len(dead(sessions)) == 1)


def test_a_replayed_unreadable_letter_is_dead_again_and_one_discarded_is_gone(
    sessions, operator, ear, carry, rabbitmq_url
):
    ear.queues.declare()
    put(rabbitmq_url, f"{ear.queues.name}.dead", b"\xffrubbish")
    with carry(ear):
        eventually(lambda: len(dead(sessions)) == 1)
    inbox = Inbox(sessions, ear.subscriptions)
    (letter,) = operator.get("/v1/dead-letters").json["items"]
    operator.post(f"/v1/dead-letters/{letter['id']}/replay", WHY)
    inbox.retry_due()
    (again,) = operator.get("/v1/dead-letters").json["items"]
    assert (again["id"], again["exception"], again["attempts"]) == (letter["id"], "Undecodable", 1)
    assert operator.get(f"/v1/dead-letters/{letter['id']}").json["payload"] == "\\xffrubbish"
    assert operator.post(f"/v1/dead-letters/{letter['id']}/discard", WHY).json["status"] == "discarded"
    assert operator.get("/v1/dead-letters").json["items"] == []


@on_sqlite
def test_the_role_work_of_a_service_carries(databases, virtual_host, tmp_path, open_database):
    url, queue = databases.new("practices"), "practices.roster"
    with (
        running("practices", "work", tmp_path, url, HALQA_BROKER_URL=virtual_host.url),
        kombu.Connection(virtual_host.url) as connection,
    ):
        eventually(lambda: stands(connection, f"{queue}.dead"))
        put(virtual_host.url, f"{queue}.dead", b"rubbish")
        sessions = open_database(url)
        eventually(lambda: [row.subscription for row in dead(sessions)] == [queue])


def stands(connection: kombu.Connection, queue: str) -> bool:
    try:
        with connection.channel() as channel:
            channel.queue_declare(queue, passive=True)
    except NotFound:
        return False
    return True
