"""The bells (tests/bells.py), hung in a fresh database of either kind, and ears that listen through a real broker."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import kombu
import pytest
from amqp.exceptions import NotFound
from bells import BellRung, Heard, listeners, open_sessions, write_down
from keepers import Base, Keeper, Loudest, Ring
from sqlalchemy import select
from sqlalchemy.orm import Session
from towers import Tower, token
from yards import Yard

from shared.domain.correlation import NOTHING, current
from shared.domain.database import Sessions
from shared.events import declared
from shared.messaging.inbox import Inbox
from shared.messaging.pull import Puller
from shared.messaging.push import Consumer, bridge, consumer
from shared.messaging.rebuild import Rebuild
from shared.messaging.subscriptions import Subscriptions
from shared.testing.broker import queues_of
from shared.testing.serving import Served, served
from shared.testing.waiting import eventually
from shared.testing.wire import Wire


@pytest.fixture(autouse=True)
def _bells_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(declared, BellRung.wire_type, BellRung)


@pytest.fixture(autouse=True)
def _nothing_came_before() -> Iterator[None]:
    token = current.set(NOTHING)
    yield
    current.reset(token)


@pytest.fixture(autouse=True)
def _stops_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who listens to a broker looks up more often: is it time to stop?"""
    for module in (consumer, bridge):
        monkeypatch.setattr(module, "LOOK_UP_AFTER", 0.05)


@pytest.fixture
def open_database() -> Iterator[Callable[[str], Sessions]]:
    """Opens a database, as many times as one likes: each time is one process of a service."""
    opened: list[Sessions] = []

    def open_one(url: str) -> Sessions:
        opened.append(open_sessions(url))
        return opened[-1]

    yield open_one
    for sessions in opened:
        sessions.engine.dispose()


@pytest.fixture
def database_url(databases) -> str:
    return databases.new("membership")


@pytest.fixture
def sessions(open_database, database_url) -> Sessions:
    return open_database(database_url)


class Ear:
    """Listens to a queue of its own; remembers what it tried and what it heard."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.subscriptions = Subscriptions(f"bells.ear_{uuid4().hex[:8]}", on={BellRung: self.hear})
        self.before: Callable[[BellRung], None] = lambda _event: None
        self.tried: list[int] = []

    def hear(self, session: Session, event: BellRung) -> None:
        self.tried.append(event.number)
        self.before(event)
        write_down(session, event)

    def heard(self, bell_id: UUID | None = None) -> list[int]:
        numbers = select(Heard.number).order_by(Heard.seq)
        with self.sessions.reader() as session:
            return list(session.scalars(numbers if bell_id is None else numbers.where(Heard.bell_id == bell_id)))

    def has_a_listener(self) -> bool:
        try:
            return self.queues.listeners() == 1
        except NotFound:
            return False


@pytest.fixture
def ear(sessions, rabbitmq_url) -> Iterator[Ear]:
    ear = Ear(sessions)
    with queues_of(rabbitmq_url, ear.subscriptions) as ear.queues:
        yield ear


class Listening(Consumer):
    """A consumer at work in a thread of its own; counts its connections."""

    def __init__(self, url: str, inbox: Inbox) -> None:
        super().__init__(url, inbox)
        self.connections = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, args=(self._stop,))
        self._thread.start()
        eventually(self.connected.is_set, what="the consumer is connected")

    def _consume(self, stop: threading.Event) -> None:
        self.connections += 1
        super()._consume(stop)

    def ask_to_stop(self) -> None:
        self._stop.set()

    def stop(self) -> None:
        self.ask_to_stop()
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()


@pytest.fixture
def listen(rabbitmq_url, monkeypatch) -> Callable[..., Listening]:
    """`with listen(ear)`: a consumer feeds the ear meanwhile, directly or `through` a wire."""
    monkeypatch.setattr(consumer, "RECONNECT_AFTER", (0.05,))

    @contextmanager
    def listening(ear: Ear, *, through: Wire | None = None, inbox: Inbox | None = None) -> Iterator[Listening]:
        url = url_through(through, rabbitmq_url) if through else rabbitmq_url
        busy = Listening(url, inbox or Inbox(ear.sessions, ear.subscriptions))
        try:
            yield busy
        finally:
            busy.stop()

    return listening


@pytest.fixture
def wire(rabbitmq_url) -> Iterator[Wire]:
    broker = kombu.Connection(rabbitmq_url)
    wire = Wire((broker.hostname, broker.port))
    yield wire
    wire.close()


@pytest.fixture
def wire_url(wire, rabbitmq_url) -> str:
    return url_through(wire, rabbitmq_url)


def url_through(wire: Wire, url: str) -> str:
    broker = kombu.Connection(url)
    return f"amqp://{broker.userid}:{broker.password}@127.0.0.1:{wire.port}/{broker.virtual_host}"


@pytest.fixture
def build_tower(databases, open_database) -> Iterator[Callable[[], Tower]]:
    built: list[Tower] = []

    def build_one() -> Tower:
        url = databases.new("membership")
        built.append(Tower(url, open_database(url)))
        return built[-1]

    yield build_one
    for tower in built:
        tower.app.sessions.engine.dispose()


@pytest.fixture
def tower(build_tower) -> Tower:
    return build_tower()


@pytest.fixture
def server(tower) -> Iterator[Served]:
    with served(tower.app) as server:
        yield server


@pytest.fixture
def pull(sessions, server) -> Iterator[Callable[..., Puller]]:
    opened: list[Puller] = []

    def open_one(subscriptions: Subscriptions | None = None, url: str = server.url) -> Puller:
        inbox = Inbox(sessions, subscriptions or listeners())
        opened.append(Puller(sessions, inbox, "bells", url, token))
        return opened[-1]

    yield open_one
    for puller in opened:
        puller._http.close()


@pytest.fixture
def puller(pull) -> Puller:
    return pull()


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def live(sessions, pull, keeper):
    """The running service: its database, and its way in."""
    Base.metadata.create_all(sessions.engine)
    return pull(keeper.subscriptions)


@pytest.fixture
def rebuild(database_url, server, keeper, live) -> Callable[..., Rebuild]:
    def build(url: str = server.url) -> Rebuild:
        return Rebuild(database_url, [Ring, Loudest], keeper.subscriptions, {"bells": url}, token)

    return build


@pytest.fixture
def open_yard(open_database, database_url) -> Iterator[Callable[[], Yard]]:
    opened: list[Yard] = []

    def open_one() -> Yard:
        opened.append(Yard(open_database(database_url)))
        return opened[-1]

    yield open_one
    for yard in opened:
        yard.leadership.release()


@pytest.fixture
def yard(open_yard) -> Yard:
    return open_yard()
