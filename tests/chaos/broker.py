"""What the director of a run asks of the broker; each time on a connection of its own, since brokers are restarted."""

from collections.abc import Sequence

import kombu

from shared.messaging.push import topology
from shared.messaging.subscriptions import Subscriptions


class Queues:
    """Bound before anything is published; gone, with those of their dead, when the run is over."""

    def __init__(self, url: str, subscriptions: Sequence[Subscriptions]) -> None:
        self._url, self._subscriptions = url, subscriptions
        with kombu.Connection(url) as connection:
            for each in subscriptions:
                topology.declare(connection.channel(), each)

    def waiting(self) -> int:
        """Ready to be taken; not what somebody holds. One that was lost is there again."""
        with kombu.Connection(self._url) as connection:
            queues = [topology.declare(connection.channel(), each) for each in self._subscriptions]
            return sum(queue.queue_declare(passive=True).message_count for queue in queues)

    def lose(self) -> None:
        """With all that waits in them."""
        with kombu.Connection(self._url) as connection:
            for each in self._subscriptions:
                connection.channel().queue_delete(each.name)

    def close(self) -> None:
        with kombu.Connection(self._url) as connection:
            for each in self._subscriptions:
                for queue in topology.declared(each):
                    connection.channel().queue_delete(queue.name)
