"""The ways in. Each puts a publisher and a subscriber together as production does, with lines that can be cut.

Push:  tower ── outbox ── relay ──┤line├── RabbitMQ ──┤line├── consumer ── inbox ── ear
         └───── feed ─────────────────────────────────┤line├── catch-up ────┘
Pull:  tower ── outbox ── feed ───────────────────────┤line├── puller ── inbox ── ear
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import kombu
from amqp.exceptions import NotFound
from bells import BellRung, hang_bell, ring_bell, service_with, settings
from prometheus_client import REGISTRY
from sqlalchemy import delete, select, update
from towers import Tower

from shared.domain.database import Sessions
from shared.messaging.inbox_row import InboxRow, Status
from shared.messaging.leadership import Leadership
from shared.messaging.outbox import OutboxRow
from shared.messaging.pull import Checkpoint
from shared.messaging.push import BrokerPublisher
from shared.messaging.push.publisher import BrokerAway
from shared.messaging.relay import Relay
from shared.running.loops import Crew
from shared.running.settings import Settings
from shared.testing import issuer
from shared.testing.broker import Queues
from shared.testing.serving import Served
from shared.testing.waiting import eventually
from shared.testing.wire import Wire

from . import hostile
from .ear import Ear, heard


class Log(Protocol):
    """What the subscriber has logged so far: pytest's `caplog`."""

    messages: list[str]
    text: str


class Subscriber:
    """One process of the subscriber: everything in it that hears, started as every service starts it."""

    def __init__(self, ear: Ear, wishes: Settings) -> None:
        listening, self.crew = service_with(subscriptions=ear.subscriptions), Crew()
        self.sessions = listening.sessions(wishes)
        listening._start_hearing(self.sessions, wishes, self.crew)

    def is_up(self) -> bool:
        return self.crew.alive

    def stop(self) -> None:
        self.crew.finish()
        assert not any(thread.is_alive() for thread in self.crew._threads)
        self.sessions.engine.dispose()


class Way(ABC):
    """What the tests ask of a way. `sessions` looks into the subscriber's database from outside."""

    complaint_about_line: str
    complaint_about_database: str
    hostile: Mapping[str, object]

    def __init__(self, tower: Tower, feed: Served, ear: Ear, url: str, sessions: Sessions, log: Log) -> None:
        self.tower, self.ear, self.url, self.sessions, self.log = tower, ear, url, sessions, log
        self.feed, self.feed_line = feed, Wire(("127.0.0.1", urlsplit(feed.url).port))
        self.subscribers: list[Subscriber] = []

    @property
    @abstractmethod
    def wishes(self) -> Settings:
        """The settings of a subscriber that comes this way."""

    @property
    def lines(self) -> list[Wire]:
        return [self.feed_line]

    def start(self) -> None:
        """One more process of the subscriber."""
        self.subscribers.append(Subscriber(self.ear, self.wishes))
        self.wait_for_listener()

    @abstractmethod
    def wait_for_listener(self) -> None:
        """Until what is published now would come by this way."""

    def stop(self) -> None:
        """Every process of the subscriber, as a deployment stops it."""
        while self.subscribers:
            self.subscribers.pop().stop()

    def is_up(self) -> bool:
        return bool(self.subscribers) and all(subscriber.is_up() for subscriber in self.subscribers)

    def hang(self) -> UUID:
        """Another bell, whose rings have an order of their own."""
        return hang_bell(self.tower.sessions)

    def ring(self, times: int = 1, bell: UUID | None = None) -> None:
        """Each ring is committed by itself; then all are on their way."""
        ring_bell(self.tower.sessions, bell or self.tower.bell_id, times)
        self.publish()

    def tell(self, payload: bytes) -> None:
        """As a publisher would that has committed just this, whatever it is."""
        with self.tower.sessions.transaction() as session:
            session.add(_outbox_row(payload))
        self.publish()

    def publish(self) -> None:
        """Whatever is committed is on its way, as far as it gets."""
        self.tower.stamp()

    @abstractmethod
    def tell_all_again(self) -> None:
        """All that was told so far comes once more."""

    @abstractmethod
    def harm(self, name: str) -> None:
        """Send what is `hostile`; returns when it has ended where it must."""

    def cut(self) -> None:
        for line in self.lines:
            line.cut()

    def unplug(self) -> None:
        for line in self.lines:
            line.unplug()

    def plug(self) -> None:
        for line in self.lines:
            line.plug()
        self.publish()

    def let_time_pass(self) -> None:
        """So much that what waits for another attempt is due."""
        due = update(InboxRow).where(InboxRow.status == Status.RETRY).values(next_at=datetime.now(UTC))
        with self.sessions.transaction() as session:
            session.execute(due)

    def hears(self, *numbers: int, bell: UUID | None = None) -> None:
        """In the end just these took effect, in this order: of one bell, or of all."""
        with suppress(AssertionError):  # the comparison below says more
            eventually(lambda: self.publish() or heard(self.sessions, bell) == list(numbers))
        assert heard(self.sessions, bell) == list(numbers)
        assert self.is_up()

    def heard(self) -> list[int]:
        return heard(self.sessions, None)

    def statuses(self) -> Counter[str]:
        with self.sessions.reader() as session:
            return Counter(session.scalars(select(InboxRow.status)))

    def count(self, metric: str, **labels: str) -> int:
        """What `/metrics` says of this subscription."""
        labels["subscription"] = self.ear.subscriptions.name
        return int(REGISTRY.get_sample_value(f"halqa_{metric}_total", labels) or 0)

    def is_counted(self, *, done: int, duplicates: int) -> None:
        """In the end `/metrics` says so, and no more."""
        expected = {"done": done, "duplicates": duplicates}
        with suppress(AssertionError):
            eventually(lambda: self._counted() == expected)
        assert self._counted() == expected

    def _counted(self) -> dict[str, int]:
        return {"done": self.count("received", status="done"), "duplicates": self.count("duplicates")}

    def close(self) -> None:
        self.stop()
        for line in self.lines:
            line.close()


class Pull(Way):
    """Needs no broker: the subscriber reads the publisher's feed over HTTP."""

    complaint_about_line = complaint_about_database = "pull from bells"
    hostile = hostile.ANSWERS

    @property
    def wishes(self) -> Settings:
        return settings(
            self.url, peers=f"bells=http://127.0.0.1:{self.feed_line.port}", **issuer.settings_to_ask_others()
        )

    def wait_for_listener(self) -> None:
        """There is nothing to wait for: a log is read from its beginning, whenever it is read."""

    def tell_all_again(self) -> None:
        """The checkpoint is lost, and all is read from the beginning."""
        place = self._place()
        with self.sessions.transaction() as session:
            session.execute(delete(Checkpoint))
        eventually(lambda: self._place() == place, what="all is read again")

    def harm(self, name: str) -> None:
        """The page is refused and logged, and stays unread."""
        place, real, already = self._place(), self.feed.app, len(self.log.messages)
        self.feed.app = hostile.ANSWERS[name]
        eventually(lambda: "pull from bells" in str(self.log.messages[already:]), what=f"{name}: refused and logged")
        assert self._place() == place
        self.feed.app = real

    def _place(self) -> int | None:
        with self.sessions.reader() as session:
            return session.scalar(select(Checkpoint.position))


class Push(Way):
    """By a broker, whose queue feeds the subscriber; the feed tells what no queue can hold."""

    complaint_about_line = "the broker is away"
    complaint_about_database = "the database is away, consuming rests"
    hostile = hostile.MESSAGES

    def __init__(self, broker_url: str, *parts) -> None:
        super().__init__(*parts)
        broker = kombu.Connection(broker_url)
        self.broker_line = Wire((broker.hostname, broker.port))
        self._broker_url = f"amqp://{broker.userid}:{broker.password}@127.0.0.1:{self.broker_line.port}//"
        self.queues = Queues(broker_url, self.ear.subscriptions)
        self._leadership = Leadership(self.tower.sessions.engine, "relay")
        self._publisher = BrokerPublisher(self._broker_url)
        self._relay = Relay(self.tower.sessions, self._leadership, self._publisher)

    @property
    def wishes(self) -> Settings:
        peers = f"bells=http://127.0.0.1:{self.feed_line.port}"
        return settings(self.url, peers=peers, broker_url=self._broker_url, **issuer.settings_to_ask_others())

    @property
    def lines(self) -> list[Wire]:
        return [self.feed_line, self.broker_line]

    def wait_for_listener(self) -> None:
        eventually(lambda: self._listeners() == 1, what="the queue has its one active listener")

    def _listeners(self) -> int:
        try:
            return self.queues.listeners()
        except NotFound:
            return 0

    def publish(self) -> None:
        super().publish()
        with suppress(BrokerAway):  # it comes with the next
            while self._relay.step():
                pass

    def tell_all_again(self) -> None:
        """No confirm has come, and the relay sends all of it again."""
        with self.tower.sessions.transaction() as session:
            session.execute(update(OutboxRow).values(published_at=None))
        self.publish()

    def harm(self, name: str) -> None:
        """It is counted as rejected, and ends among the dead letters, where operators find it."""
        before = self._rejected(), self.statuses()["dead"]
        self.queues.put(hostile.MESSAGES[name])
        once_more = tuple(number + 1 for number in before)
        eventually(lambda: (self._rejected(), self.statuses()["dead"]) == once_more, what=f"{name}: a dead letter")

    def _rejected(self) -> int:
        return sum(self.count("rejected", reason=reason) for reason in ("not an event", "too large"))

    def close(self) -> None:
        super().close()
        self._publisher.close()
        self._leadership.release()
        self.queues.close()


def _outbox_row(payload: bytes) -> OutboxRow:
    return OutboxRow(
        id=uuid4(),
        aggregatetype="strange",
        aggregateid=str(uuid4()),
        partition_key="strange",
        sequence=1,
        type=BellRung.wire_type,  # so that it is asked for, and routed to whoever hears bells
        payload=payload.decode(),
        occurred_at=datetime.now(UTC),
    )
