"""Exchanges and queues, declared from the subscriptions.

    exchange events (topic) ── <wire type> ──> queue <subscription> (quorum, single active consumer)
                                                   │ rejected, or delivered too often
    exchange events.dlx (topic) <──────────────────┘ ── <queue>.dead ──> queue <queue>.dead (quorum)

Arguments hold only what can never change: a queue declared again with other arguments is refused by the broker.
"""

from kombu import Connection, Exchange, Queue

from shared.messaging.subscriptions import Subscriptions

EVENTS = Exchange("events", type="topic", durable=True)
DEAD_LETTERS = Exchange("events.dlx", type="topic", durable=True)


HEARTBEAT = 20  # seconds; kombu's own default is none at all


def connect(url: str) -> Connection:
    return Connection(url, heartbeat=HEARTBEAT, connect_timeout=5)


def dial(connection: Connection) -> None:
    """Open it, or say at once that nobody answers: Kombu's own `connect` sleeps two seconds before it does."""
    connection.ensure_connection(max_retries=1, interval_start=0, reraise_as_library_errors=False)


def queue_of(subscriptions: Subscriptions) -> Queue:
    arguments = {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-dead-letter-exchange": DEAD_LETTERS.name,
        "x-dead-letter-routing-key": f"{subscriptions.name}.dead",
    }
    return Queue(subscriptions.name, durable=True, queue_arguments=arguments)


def dead_letter_queue_of(subscriptions: Subscriptions) -> Queue:
    name = f"{subscriptions.name}.dead"
    return Queue(name, DEAD_LETTERS, routing_key=name, durable=True, queue_arguments={"x-queue-type": "quorum"})


def declare(channel, subscriptions: Subscriptions) -> Queue:
    """Idempotent: what stands already is left as it is."""
    EVENTS(channel).declare()
    DEAD_LETTERS(channel).declare()
    dead_letter_queue_of(subscriptions)(channel).declare()
    queue = queue_of(subscriptions)(channel)
    queue.declare()
    for wire_type in subscriptions.types:
        queue.bind_to(EVENTS, routing_key=wire_type)
    return queue
