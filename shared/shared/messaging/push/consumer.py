"""Consuming: one thread speaks AMQP, another handles events, so that a slow handler cannot cost the connection.

I/O thread:    drain ──> deliveries ─┐         ┌─> acknowledge / reject ──> broker
worker thread:                       └─ inbox ─┘ (settled batches, see worker.py; a socket pair wakes the I/O thread)
"""

import logging
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import kombu

from shared.messaging import meters
from shared.messaging.inbox import Inbox

from .topology import NotAsDeclared, connect, declare, dial, queue_of
from .worker import Worker

PREFETCH = 200
LOOK_UP_AFTER = 0.5  # seconds without anything to do: is it time for a heartbeat, or to stop?
RECONNECT_AFTER = (1, 2, 5, 10, 30)  # seconds; the last one repeats
PROBE_AFTER = 5  # seconds

log = logging.getLogger(__name__)


class DatabaseAway(Exception):
    """Deliveries wait better in the broker, where holding them does not count as a failed attempt each time."""


def nothing_missed(_stop: threading.Event) -> None:
    pass


class Consumer:
    """Feeds one subscription from its queue; comes back by itself after any loss of the connection.

    `catch_up` is called each time before it begins to take from the queue, when the queue stands already. `passive`
    finds the queue as an administrator has made it, and makes nothing.
    """

    def __init__(
        self,
        url: str,
        inbox: Inbox,
        catch_up: Callable[[threading.Event], None] = nothing_missed,
        *,
        passive: bool = False,
    ) -> None:
        self._url, self._inbox, self._catch_up, self._passive = url, inbox, catch_up, passive
        self._name = inbox.subscriptions.name
        self.connected = threading.Event()

    def run(self, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                self._consume(stop)
            except DatabaseAway as error:
                log.warning("%s: the database is away, consuming rests until it answers: %s", self._name, error)
                self._wait_for_database(stop)
            except NotAsDeclared as error:
                log.error("%s: %s", self._name, error)
                stop.wait(RECONNECT_AFTER[-1])
            except Exception as error:  # whatever ends a connection must not end the listening
                failures = 0 if self.connected.is_set() else failures
                wait = RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)]
                log.warning("%s: the broker is away (%r); again in %d s", self._name, error, wait)
                failures += 1
                stop.wait(wait)
            finally:
                self._say_connected(False)

    def _consume(self, stop: threading.Event) -> None:
        self._declare()
        self._catch_up(stop)
        session = _Session(self._url, self._inbox)
        try:
            session.open()
            self._say_connected(True)
            log.info("%s: connected to the broker", self._name)
            session.run(stop)
        finally:
            session.close()

    def _declare(self) -> None:
        connection = connect(self._url)
        try:
            dial(connection)
            declare(connection.channel(), self._inbox.subscriptions, passive=self._passive)
        finally:
            connection.collect()

    def _wait_for_database(self, stop: threading.Event) -> None:
        while not stop.wait(PROBE_AFTER) and not self._inbox.answers():
            pass

    def _say_connected(self, is_so: bool) -> None:
        self.connected.set() if is_so else self.connected.clear()
        meters.connected.labels(self._name).set(is_so)


class _Session:
    """The life of one connection. Deliveries it could not settle go back to the queue when it closes."""

    def __init__(self, url: str, inbox: Inbox) -> None:
        self._subscriptions = inbox.subscriptions
        self._connection = connect(url)
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._worker = Worker(inbox, self._wake_up)

    def open(self) -> None:
        dial(self._connection)
        self._channel = self._connection.channel()
        self._consumer = kombu.Consumer(
            self._channel,
            [queue_of(self._subscriptions)],
            on_message=self._take,
            prefetch_count=PREFETCH,
            auto_declare=False,
        )
        self._worker.start()
        self._consumer.consume()

    def _take(self, message: kombu.Message) -> None:
        meters.delivered.labels(self._subscriptions.name).inc()
        if message.delivery_info["redelivered"]:
            meters.redelivered.labels(self._subscriptions.name).inc()
        self._worker.deliveries.put(message)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._speak()
        self._consumer.cancel()
        self._worker.finish()
        self._settle()

    def _speak(self) -> None:
        select.select([self._connection.connection.sock, self._wake], [], [], LOOK_UP_AFTER)
        self._drain()
        self._settle()
        self._connection.heartbeat_check()
        if self._worker.gave_up:
            raise DatabaseAway(str(self._worker.gave_up))
        if not self._worker.is_alive():
            raise RuntimeError("the thread that handles events has ended")

    def _drain(self) -> None:
        with suppress(TimeoutError):
            while True:
                self._connection.drain_events(timeout=0.001)

    def _settle(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        while not self._worker.settled.empty():
            batch = self._worker.settled.get()
            for tag in batch.rejected:
                self._channel.basic_reject(tag, requeue=False)
            if batch.taken_in:
                self._channel.basic_ack(batch.taken_in[-1], multiple=True)

    def _wake_up(self) -> None:
        with suppress(OSError):  # the connection has ended meanwhile: what was done is done, and comes again
            self._waker.send(b".")

    def close(self) -> None:
        self._worker.close()
        self._connection.collect()
        self._wake.close()
        self._waker.close()
