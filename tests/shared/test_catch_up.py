"""Push and pull together: before a queue is taken from, what it cannot hold has been read from the logs."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests
from bells import Heard, on_sqlite
from sqlalchemy import delete
from towers import Tower, token

from shared.events import decode, encode
from shared.messaging import catch_up as catch_up_module
from shared.messaging.catch_up import CatchUp
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.pull import Checkpoint, Puller
from shared.messaging.push import Consumer
from shared.testing.waiting import eventually

pytestmark = on_sqlite


@pytest.fixture
def town(sessions, ear, server, rabbitmq_url) -> Iterator[Callable[..., None]]:
    """A subscriber as it runs in production: a queue, and the publisher's feed."""
    inbox = Inbox(sessions, ear.subscriptions)
    pullers: list[Puller] = []

    @contextmanager
    def at_work(url: str = server.url, patience: float = 60) -> Iterator[Consumer]:
        pullers.append(Puller(sessions, inbox, "bells", url, token))
        consumer = Consumer(rabbitmq_url, inbox, CatchUp(pullers[-1:], patience).run)
        stop = threading.Event()
        thread = threading.Thread(target=consumer.run, args=(stop,))
        thread.start()
        yield consumer
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()

    yield at_work
    for puller in pullers:
        puller._http.close()


def put(ear, tower: Tower, *numbers: int) -> None:
    """Into the queue, as the relay does: the very events of the log."""
    page = requests.get(
        f"{tower.url}/v1/events", headers={"Authorization": f"Bearer {token()}"}, params={"limit": 500}, timeout=10
    ).json()
    for told in page:
        if told["data"]["number"] in numbers:
            told.pop("position")
            ear.queues.put(encode(decode(json.dumps(told))))


@pytest.fixture(autouse=True)
def _tower_has_an_address(tower, server) -> None:
    tower.url = server.url


def test_a_subscriber_added_today_gets_the_past_and_then_the_present(tower, ear, town):
    tower.ring(205)
    with town():
        eventually(lambda: ear.heard() == list(range(1, 206)))
        tower.ring(1)
        put(ear, tower, 206)
        eventually(lambda: ear.heard() == list(range(1, 207)))


def test_what_is_published_while_it_catches_up_comes_after_the_past(tower, ear, town, monkeypatch):
    tower.ring(3)
    step, has_begun, go_on = Puller.step, threading.Event(), threading.Event()

    def slow_step(puller: Puller) -> bool:
        has_begun.set()
        assert go_on.wait(timeout=20)
        return step(puller)

    monkeypatch.setattr(Puller, "step", slow_step)
    with town():
        assert has_begun.wait(timeout=20)
        put(ear, tower, 2, 3)  # the queue stands already: what comes now waits in it
        assert ear.heard() == []
        go_on.set()
        eventually(lambda: ear.heard() == [1, 2, 3] and ear.queues.waiting() == 0)


def test_one_restored_from_a_backup_gets_what_it_had_already_taken_from_the_queue(tower, ear, town, sessions):
    tower.ring(5)
    with town():
        eventually(lambda: len(ear.heard()) == 5)
    with sessions.transaction() as session:  # yesterday's backup: empty
        for table in (Heard, InboxRow, Checkpoint):
            session.execute(delete(table))
    with town():
        eventually(lambda: ear.heard() == [1, 2, 3, 4, 5])


def test_a_publisher_never_read_before_is_waited_for(tower, ear, town, server, monkeypatch):
    monkeypatch.setattr(catch_up_module, "ASK_AGAIN_AFTER", 0.05)
    tower.ring(2)
    with town(url="http://127.0.0.1:1", patience=0) as consumer:
        put(ear, tower, 2)
        assert not consumer.connected.wait(1)
        assert ear.heard() == []


def test_a_publisher_that_was_read_before_is_waited_for_a_while_only(tower, ear, town, monkeypatch):
    monkeypatch.setattr(catch_up_module, "ASK_AGAIN_AFTER", 0.05)
    tower.ring(2)
    with town():
        eventually(lambda: ear.heard() == [1, 2])
    tower.ring(1)
    with town(url="http://127.0.0.1:1", patience=0.1):
        put(ear, tower, 3)
        eventually(lambda: ear.heard() == [1, 2, 3])


def test_what_no_queue_has_brought_is_found_by_reading_once_more(tower, ear, sessions, server):
    tower.ring(2)
    puller = Puller(sessions, Inbox(sessions, ear.subscriptions), "bells", server.url, token)
    catch_up = CatchUp([puller])
    assert catch_up.step() is False
    assert ear.heard() == [1, 2]
    puller._http.close()
