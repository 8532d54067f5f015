"""Exchanges and queues, declared from the subscriptions.

    exchange events (topic) ── <wire type> ──> queue <subscription> (quorum, single active consumer)
                                                   │ rejected, or delivered too often
    exchange events.dlx (topic) <──────────────────┘ ── <queue>.dead ──> queue <queue>.dead (quorum)

A queue declared again with other arguments is refused by the broker. So where a policy can say it, a policy does,
put by `topology apply`; on a broker that nobody administers, services declare everything as arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound, PreconditionFailed
from kombu import Connection, Exchange, Queue

from shared.messaging.subscriptions import Subscriptions

EVENTS = Exchange("events", type="topic", durable=True)
DEAD_LETTERS = Exchange("events.dlx", type="topic", durable=True)
EXCHANGES = (EVENTS, DEAD_LETTERS)

HEARTBEAT = 20  # seconds; kombu's own default is none at all

# Dead letters leave their queue only when the queue of the dead has taken them. That takes all of the last three
# rules: without one of them the broker falls back, silently, to dropping what it cannot hand over.
RULES = {
    "delivery-limit": 20,
    "max-length": 1_000_000,
    "dead-letter-exchange": DEAD_LETTERS.name,
    "dead-letter-strategy": "at-least-once",
    "overflow": "reject-publish",
}
# RabbitMQ 4 drops what was returned twenty times to a queue that has no dead letters of its own. What is dead stays
# until a person decides, however often it is looked at. (-1, the broker's word for "never", is unknown to RabbitMQ 3.)
RULES_OF_THE_DEAD = {"delivery-limit": 1_000_000_000}


class NotAsDeclared(Exception):
    """A queue is missing, or has other arguments. Says what to run; trying again helps only after that."""


@dataclass(frozen=True)
class DeclaredQueue:
    """`arguments` can never change; `rules` can, as a policy. Bound to `exchange` by each of `keys`."""

    name: str
    exchange: Exchange
    keys: tuple[str, ...]
    arguments: Mapping[str, Any]
    rules: Mapping[str, Any]

    def with_arguments_alone(self) -> Queue:
        """As a service declares it itself: what a policy would say becomes arguments."""
        rules = {f"x-{rule}": value for rule, value in self.rules.items()}
        return Queue(self.name, durable=True, queue_arguments={**self.arguments, **rules})


def connect(url: str) -> Connection:
    return Connection(url, heartbeat=HEARTBEAT, connect_timeout=5)


def dial(connection: Connection) -> None:
    """Open it, or say at once that nobody answers: Kombu's own `connect` sleeps two seconds before it does."""
    connection.ensure_connection(max_retries=1, interval_start=0, reraise_as_library_errors=False)


def declared(subscriptions: Subscriptions) -> tuple[DeclaredQueue, DeclaredQueue]:
    """The queue of the dead first: it must stand before anything can die."""
    dead = f"{subscriptions.name}.dead"
    rules = {**RULES, "dead-letter-routing-key": dead}
    single = {"x-queue-type": "quorum", "x-single-active-consumer": True}
    return (
        # Without a single active consumer, which would keep operators from looking in.
        DeclaredQueue(dead, DEAD_LETTERS, (dead,), {"x-queue-type": "quorum"}, RULES_OF_THE_DEAD),
        DeclaredQueue(subscriptions.name, EVENTS, tuple(subscriptions.types), single, rules),
    )


def queue_of(subscriptions: Subscriptions) -> Queue:
    return declared(subscriptions)[-1].with_arguments_alone()


def declare(channel: Any, subscriptions: Subscriptions, *, passive: bool = False) -> Queue:
    """Make what is missing, or, if `passive`, only look. Raises `NotAsDeclared`; the channel is closed then.

    `passive` is for a service without the right to make queues; what it cannot see (bindings, policies) is
    checked when it starts.
    """
    queues = declared(subscriptions)
    try:
        _look_for(channel, queues) if passive else _make(channel, queues)
    except (NotFound, PreconditionFailed) as refusal:
        raise NotAsDeclared(_explanation(subscriptions, refusal)) from refusal
    return queue_of(subscriptions)(channel)


def _look_for(channel: Any, queues: Iterable[DeclaredQueue]) -> None:
    # Not for the exchange of the dead: a service has no rights there, and RabbitMQ 4.3 hides what one may not use.
    EVENTS(channel).declare(passive=True)
    for queue in queues:
        channel.queue_declare(queue.name, passive=True)


def _make(channel: Any, queues: Iterable[DeclaredQueue]) -> None:
    for exchange in EXCHANGES:
        exchange(channel).declare()
    for queue in queues:
        made = queue.with_arguments_alone()(channel)
        made.declare()
        for key in queue.keys:
            made.bind_to(queue.exchange, routing_key=key)


def _explanation(subscriptions: Subscriptions, refusal: NotFound | PreconditionFailed) -> str:
    command = f"python -m {subscriptions.name.partition('.')[0]} topology"
    if isinstance(refusal, NotFound):
        return f"{refusal.reply_text}: whoever administers the broker runs `{command} apply`"
    return f"{refusal.reply_text}: arguments of a queue never change; `{command} check` tells what to do"
