"""The first baseline: the same bytes through the same kind of queue, by Kombu alone, with nothing kept anywhere."""

import time
from uuid import uuid4

import kombu
from amqp import Channel

from .arena import Arena
from .players import LONGEST, Cue, Player, on_stage

PREFETCH = 200
MOST_IN_FLIGHT = 2000  # messages that the broker has not confirmed yet


def move(arena: Arena, payloads: list[str]) -> float:
    """Seconds from the first publish until the last ack is sent, with publisher and consumer at work at once."""
    queue = f"bench.kombu_{uuid4().hex[:8]}"
    consumer = Player(consume, arena.broker_url, queue, len(payloads))
    publisher = Player(publish, arena.broker_url, queue, payloads)
    with on_stage(consumer, publisher):
        began = time.time()
        consumer.go()
        publisher.go()
        ended = max(consumer.answer(), publisher.answer())
    _delete(arena, queue)
    return ended - began


def declare(channel: Channel, name: str) -> kombu.Queue:
    """As our topology declares it, but for the dead letters."""
    arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
    queue = kombu.Queue(name, durable=True, queue_arguments=arguments)(channel)
    queue.declare()
    return queue


def publish(cue: Cue, broker_url: str, queue: str, payloads: list[str]) -> None:
    with kombu.Connection(broker_url) as connection:
        channel = connection.channel()
        declare(channel, queue)
        confirms = Confirms(channel)
        producer = kombu.Producer(channel, routing_key=queue)
        cue.ready()
        for sent, payload in enumerate(payloads, 1):
            producer.publish(payload, content_type="application/json", content_encoding="utf-8", delivery_mode=2)
            confirms.wait(connection, at_most=MOST_IN_FLIGHT, sent=sent)
        confirms.wait(connection, at_most=0, sent=len(payloads))
        cue.tell(time.time())


class Confirms:
    """Counts what the broker has confirmed, many at once, as py-amqp reports it."""

    def __init__(self, channel: Channel) -> None:
        self._first_open, self._early = 1, set()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._confirmed)

    def _confirmed(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._first_open = max(self._first_open, tag + 1)
        else:
            self._early.add(tag)
        while self._first_open in self._early:
            self._early.remove(self._first_open)
            self._first_open += 1

    def wait(self, connection: kombu.Connection, *, at_most: int, sent: int) -> None:
        """Until no more than so many are on their way."""
        while sent - self._first_open - len(self._early) >= at_most:
            connection.drain_events(timeout=LONGEST)


def consume(cue: Cue, broker_url: str, queue: str, events: int) -> None:
    """One ack for each message, as Kombu's consumers do."""
    left = events

    def acknowledge(message: kombu.Message) -> None:
        nonlocal left
        message.ack()
        left -= 1

    with kombu.Connection(broker_url) as connection:
        channel = connection.channel()
        queues = [declare(channel, queue)]
        with kombu.Consumer(channel, queues, on_message=acknowledge, prefetch_count=PREFETCH):
            cue.ready()
            while left:
                connection.drain_events(timeout=LONGEST)
            cue.tell(time.time())


def _delete(arena: Arena, queue: str) -> None:
    with kombu.Connection(arena.broker_url) as connection, connection.channel() as channel:
        channel.queue_delete(queue)
