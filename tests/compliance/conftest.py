"""`way`: each way in, on each database, with an empty publisher and an empty subscriber at its ends."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from bells import BellRung, open_sessions
from towers import Tower

from compliance.ear import Ear
from compliance.ways import Pull, Push, Way
from shared.domain.correlation import NOTHING, current
from shared.domain.database import Sessions
from shared.events import declared
from shared.messaging import catch_up
from shared.messaging.push import bridge, consumer, worker
from shared.running import loops
from shared.testing.fixtures import broker_of
from shared.testing.once import Once
from shared.testing.servers import RABBITMQ_IMAGE, RABBITMQ_NEXT_IMAGE, Broker
from shared.testing.serving import Served, served

WAYS = {"push, RabbitMQ 4.0": RABBITMQ_IMAGE, "push, RabbitMQ 4.3": RABBITMQ_NEXT_IMAGE, "pull": None}


@pytest.fixture(scope="session", params=WAYS.values(), ids=WAYS.keys())
def broker(request: pytest.FixtureRequest, once: Once) -> Broker | None:
    return broker_of(once, request.param) if request.param else None


@pytest.fixture(autouse=True)
def _bells_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(declared, BellRung.wire_type, BellRung)


@pytest.fixture(autouse=True)
def _nothing_came_before() -> Iterator[None]:
    token = current.set(NOTHING)
    yield
    current.reset(token)


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for between two attempts is shorter; nothing else differs from production."""
    for module, name, wait in (
        (loops, "FIRST_BACKOFF", 0.02),
        (loops, "LONGEST_BACKOFF", 0.1),
        (loops, "LONGEST_REST", 0.05),
        (consumer, "RECONNECT_AFTER", (0.05,)),
        (bridge, "RECONNECT_AFTER", (0.05,)),
        (consumer, "LOOK_UP_AFTER", 0.05),
        (bridge, "LOOK_UP_AFTER", 0.05),
        (consumer, "PROBE_AFTER", 0.05),
        (catch_up, "ASK_AGAIN_AFTER", 0.05),
        (worker, "FAILURES_IN_A_ROW", 1),
    ):
        monkeypatch.setattr(module, name, wait)


@pytest.fixture
def open_database(databases) -> Iterator[Callable[[], tuple[str, Sessions]]]:
    opened: list[Sessions] = []

    def open_one() -> tuple[str, Sessions]:
        url = databases.new("membership")  # its migrations make the tables of messaging
        opened.append(open_sessions(url))
        return url, opened[-1]

    yield open_one
    for sessions in opened:
        sessions.engine.dispose()


@pytest.fixture
def tower(open_database) -> Iterator[Tower]:
    tower = Tower(*open_database())
    yield tower
    tower.app.sessions.engine.dispose()


@pytest.fixture
def feed(tower) -> Iterator[Served]:
    with served(tower.app) as server:
        yield server


@pytest.fixture
def ear() -> Ear:
    return Ear(f"bells.ear_{uuid4().hex[:8]}")


@pytest.fixture
def way(broker, tower, feed, ear, open_database, caplog) -> Iterator[Way]:
    ends = (tower, feed, ear, *open_database(), caplog)
    way = Push(broker.url, *ends) if broker else Pull(*ends)
    yield way
    way.close()
