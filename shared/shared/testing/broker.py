"""What a test may ask of a real RabbitMQ about one subscription's queues, and put into them."""

from collections.abc import Iterator
from contextlib import contextmanager

import kombu

from shared.messaging.push import topology
from shared.messaging.subscriptions import Subscriptions


class Queues:
    """The queue of a subscription and that of its dead letters; both go when the test is over."""

    def __init__(self, url: str, subscriptions: Subscriptions) -> None:
        self.name, self._subscriptions = subscriptions.name, subscriptions
        self._connection = kombu.Connection(url)

    def declare(self) -> None:
        with self._connection.channel() as channel:
            topology.declare(channel, self._subscriptions)

    def waiting(self) -> int:
        """How many messages are ready, not counting those somebody holds."""
        return self._ask(self.name).message_count

    def listeners(self) -> int:
        return self._ask(self.name).consumer_count

    def dead(self) -> int:
        return self._ask(f"{self.name}.dead").message_count

    def _ask(self, queue: str):
        with self._connection.channel() as channel:
            return channel.queue_declare(queue, passive=True)

    def put(self, body: bytes | str) -> None:
        """Straight into the queue, whatever it is."""
        with self._connection.channel() as channel:
            kombu.Producer(channel).publish(
                body, routing_key=self.name, content_type="application/octet-stream", content_encoding="binary"
            )

    def take_dead(self) -> bytes | None:
        with self._connection.channel() as channel:
            message = channel.basic_get(f"{self.name}.dead", no_ack=True)
            return (message.body or b"") if message else None

    def delete(self) -> None:
        with self._connection.channel() as channel:
            for queue in (self.name, f"{self.name}.dead"):
                channel.queue_delete(queue)

    def close(self) -> None:
        self.delete()
        self._connection.release()


@contextmanager
def queues_of(url: str, subscriptions: Subscriptions) -> Iterator[Queues]:
    queues = Queues(url, subscriptions)
    try:
        yield queues
    finally:
        queues.close()
