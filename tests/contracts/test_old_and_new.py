"""Services are deployed one by one: an old producer and a new consumer, or the reverse, from outbox to inbox.

Both ends run in this process. A producer needs no register of declarations, since it holds the event itself; so
`declare` says which copy the consumer has.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from bells import BellRung, Heard
from sqlalchemy import select

from contracts.bellfounder import Producer
from shared.contracts.gate import breaks
from shared.contracts.schemas import schema_of
from shared.domain.database import Sessions
from shared.events import Envelope, decode_batch, upcast
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.subscriptions import Subscriptions


@dataclass(frozen=True, kw_only=True)
class BellRungLater:
    """The next edition of the same type: an optional field came."""

    wire_type = BellRung.wire_type

    bell_id: UUID
    number: int
    mood: str = ""


@dataclass(frozen=True, kw_only=True)
class BellRungV2:
    """The next version: one field has another name, another is required."""

    wire_type = "bells.bell_rung.v2"

    bell_id: UUID
    ring: int
    tower: str


def with_tower(data: dict[str, Any]) -> dict[str, Any]:
    return {"bell_id": data["bell_id"], "ring": data["number"], "tower": "unknown"}


@pytest.fixture
def tell(producer: Producer) -> Callable[..., list[Envelope]]:
    """`tell(event, ...)`: what a reader of the feed then gets."""

    def told(*happened: Any, also: Any = None) -> list[Envelope]:
        producer.tell(*happened, also=also)
        return decode_batch(producer.feed().data)

    return told


@pytest.fixture
def consumer(sessions: Sessions) -> "Consumer":
    return Consumer(sessions)


class Consumer:
    """Writes down what it heard, in a database of its own."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.events: list[Any] = []

    def hears(self, event_class: type) -> Inbox:
        subscriptions = Subscriptions("bells.ear", on={event_class: self._write_down})
        return Inbox(self.sessions, subscriptions)

    def _write_down(self, session, event: Any) -> None:
        self.events.append(event)
        session.add(Heard(bell_id=event.bell_id, number=getattr(event, "number", None) or event.ring))

    @property
    def heard(self) -> list[int]:
        with self.sessions.reader() as session:
            return list(session.scalars(select(Heard.number).order_by(Heard.seq)))

    @property
    def statuses(self) -> list[str]:
        with self.sessions.reader() as session:
            return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


BELL = UUID(int=7)
OLD, LATER = BellRung(bell_id=BELL, number=3), BellRungLater(bell_id=BELL, number=3, mood="merry")
V2 = BellRungV2(bell_id=BELL, ring=3, tower="east")


def test_the_gate_calls_these_what_they_are():
    assert breaks([schema_of(BellRung)], schema_of(BellRungLater)) == []
    assert breaks([schema_of(BellRung)], schema_of(BellRungV2)) != []


def test_an_old_producer_is_heard_by_a_new_consumer(tell, consumer, declare):
    declare(BellRungLater)
    consumer.hears(BellRungLater).receive(tell(OLD))
    assert consumer.events == [BellRungLater(bell_id=BELL, number=3, mood="")]
    assert (consumer.heard, consumer.statuses) == ([3], ["done"])


def test_a_new_producer_is_heard_by_an_old_consumer(tell, consumer, declare):
    declare(BellRung)
    consumer.hears(BellRung).receive(tell(LATER))
    assert consumer.events == [OLD]
    assert (consumer.heard, consumer.statuses) == ([3], ["done"])


def test_what_an_old_producer_tells_is_heard_across_a_version(tell, consumer, declare):
    declare(BellRungV2)
    upcast(BellRung.wire_type, to=BellRungV2.wire_type)(with_tower)
    consumer.hears(BellRungV2).receive(tell(OLD, V2))
    assert consumer.events == [replace(V2, tower="unknown"), V2]
    assert (consumer.heard, consumer.statuses) == ([3, 3], ["done", "done"])


def test_what_is_told_in_both_versions_is_acted_on_once_by_the_new_consumer(tell, consumer, declare):
    declare(BellRung, BellRungV2)
    upcast(BellRung.wire_type, to=BellRungV2.wire_type)(with_tower)
    consumer.hears(BellRungV2).receive(tell(V2, also=OLD))
    assert consumer.events == [V2]
    assert sorted(consumer.statuses) == ["done", "skipped"]


def test_what_is_told_in_both_versions_is_acted_on_once_by_the_old_consumer(tell, consumer, declare):
    declare(BellRung)
    consumer.hears(BellRung).receive(tell(V2, also=OLD))
    assert consumer.events == [OLD]
    assert sorted(consumer.statuses) == ["done", "skipped"]


def test_an_old_consumer_that_does_not_know_the_new_version_misses_nothing_else(tell, consumer, declare):
    declare(BellRung)
    consumer.hears(BellRung).receive(tell(OLD, V2, OLD))
    assert consumer.heard == [3, 3]
    assert sorted(consumer.statuses) == ["done", "done", "skipped"]


def test_without_its_upcaster_the_earlier_version_would_be_missed(tell, consumer, declare):
    declare(BellRungV2)
    consumer.hears(BellRungV2).receive(tell(OLD))
    assert (consumer.events, consumer.statuses) == ([], ["skipped"])
