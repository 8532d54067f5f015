"""Damage done on purpose, so that the count can be seen to notice it: each breaks one promise of the real code."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime

from shared.domain.database import Sessions
from shared.messaging import inbox
from shared.messaging.inbox import Inbox, nothing_else
from shared.messaging.log import Stamper
from shared.messaging.push import BrokerPublisher, consumer
from shared.messaging.relay import Relay


def begin(name: str) -> None:
    if name:
        SABOTAGES[name]()


def without_deduplication() -> None:
    """The inbox takes everything as new."""
    insert_new = inbox.insert_new

    def taking_all(session, rows):
        insert_new(session, rows)
        return {row["message_id"] for row in rows}

    inbox.insert_new = taking_all


def acknowledge_early() -> None:
    """Before the commit, as soon as the broker has delivered."""
    take = consumer._Session._take

    def taking(session, message) -> None:
        message.ack()
        take(session, message)

    def forgetting(session) -> None:
        while not session._worker.settled.empty():
            session._worker.settled.get()

    consumer._Session._take, consumer._Session._settle = taking, forgetting


def mark_early() -> None:
    """Before the broker has confirmed, even before it was sent."""

    def sending(relay, rows) -> bool:
        relay._mark({row.position for row in rows}, published_at=datetime.now(UTC))
        relay._publisher.publish(rows)
        return True

    Relay._send = sending


def publish_unordered() -> None:
    """The latest first."""
    publish = BrokerPublisher.publish
    BrokerPublisher.publish = lambda publisher, rows: publish(publisher, rows[::-1])


def save_place_early() -> None:
    """A reader saves how far it has come before what it has read takes effect."""
    receive = Inbox.receive

    def receiving(inbox, envelopes, then=nothing_else, *, again=False) -> None:
        receive(inbox, [], then)
        # By sessions that nobody watches, so that a death comes at the commit above, and never after this one.
        effects = Inbox(Sessions(inbox._sessions.engine), inbox.subscriptions, inbox._retry_after)
        receive(effects, envelopes, again=again)

    Inbox.receive = receiving


def end_a_thread() -> None:
    """A loop that must go on, whatever happens in it, does not."""
    Stamper.stamp = lambda _stamper: sys.exit()


SABOTAGES: dict[str, Callable[[], None]] = {
    act.__name__: act
    for act in (
        without_deduplication,
        acknowledge_early,
        mark_early,
        publish_unordered,
        save_place_early,
        end_a_thread,
    )
}
