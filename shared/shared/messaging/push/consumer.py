"""Consuming: one thread speaks AMQP, another handles events, so that a slow handler cannot cost the connection.

I/O thread:    drain ──> deliveries ─┐         ┌─> acknowledge / reject ──> broker
worker thread:                       └─ inbox ─┘ (settled batches; a socket pair wakes the I/O thread)
"""

import logging
import queue
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import kombu
from sqlalchemy.exc import DataError

from shared.events import Envelope, Undecodable, decode
from shared.messaging import meters
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import LARGEST

from .topology import connect, declare, dial

PREFETCH = 200
BATCH = 100  # events in one transaction
LOOK_UP_AFTER = 0.5  # seconds without anything to do: is it time for a heartbeat, or to stop?
RECONNECT_AFTER = (1, 2, 5, 10, 30)  # seconds; the last one repeats
FAILURES_IN_A_ROW = 5  # of the database, until the broker gets its deliveries back
PROBE_AFTER = 5  # seconds

log = logging.getLogger(__name__)


class DatabaseAway(Exception):
    """Deliveries wait better in the broker, where holding them does not count as a failed attempt each time."""


class Settled(NamedTuple):
    """Delivery tags that were dealt with: some taken in, some rejected; none before them is still in hand."""

    taken_in: list[int]
    rejected: list[int]


def nothing_missed(_stop: threading.Event) -> None:
    pass


class Consumer:
    """Feeds one subscription from its queue; comes back by itself after any loss of the connection.

    `catch_up` is called each time before it begins to take from the queue, when the queue stands already.
    """

    def __init__(self, url: str, inbox: Inbox, catch_up: Callable[[threading.Event], None] = nothing_missed) -> None:
        self._url, self._inbox, self._catch_up = url, inbox, catch_up
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
            declare(connection.channel(), self._inbox.subscriptions)
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
        self._inbox, self._name = inbox, inbox.subscriptions.name
        self._connection = connect(url)
        self._deliveries: queue.Queue[kombu.Message] = queue.Queue()
        self._settled: queue.Queue[Settled] = queue.Queue()
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._closing = threading.Event()
        self._gave_up, self._last_error = False, None
        self._worker = threading.Thread(target=self._work, name="handle events", daemon=True)

    def open(self) -> None:
        dial(self._connection)
        self._channel = self._connection.channel()
        self._consumer = kombu.Consumer(
            self._channel,
            [declare(self._channel, self._inbox.subscriptions)],
            on_message=self._take,
            prefetch_count=PREFETCH,
            auto_declare=False,
        )
        self._worker.start()
        self._consumer.consume()

    def _take(self, message: kombu.Message) -> None:
        meters.delivered.labels(self._name).inc()
        if message.delivery_info["redelivered"]:
            meters.redelivered.labels(self._name).inc()
        self._deliveries.put(message)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._speak()
        self._consumer.cancel()
        self._finish()

    def _speak(self) -> None:
        select.select([self._connection.connection.sock, self._wake], [], [], LOOK_UP_AFTER)
        self._drain()
        self._settle()
        self._connection.heartbeat_check()
        if self._gave_up:
            raise DatabaseAway(str(self._last_error))
        if not self._worker.is_alive():
            raise RuntimeError("the thread that handles events has ended")

    def _drain(self) -> None:
        with suppress(TimeoutError):
            while True:
                self._connection.drain_events(timeout=0.001)

    def _settle(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        while not self._settled.empty():
            batch = self._settled.get()
            for tag in batch.rejected:
                self._channel.basic_reject(tag, requeue=False)
            if batch.taken_in:
                self._channel.basic_ack(batch.taken_in[-1], multiple=True)

    def _finish(self) -> None:
        """Let the worker end what it has in hand, and tell the broker; the rest goes back."""
        self._closing.set()
        self._worker.join(timeout=20)
        self._settle()

    def _work(self) -> None:
        with self._waker:
            while not self._closing.is_set() and not self._gave_up:
                if batch := self._next_batch():
                    self._handle(batch)

    def _next_batch(self) -> list[kombu.Message]:
        try:
            batch = [self._deliveries.get(timeout=0.2)]
        except queue.Empty:
            return []
        while not self._deliveries.empty() and len(batch) < BATCH:
            batch.append(self._deliveries.get())
        return batch

    def _handle(self, batch: list[kombu.Message]) -> None:
        read = [(message, self._read(message)) for message in batch]
        rejected = {message.delivery_tag for message, envelope in read if envelope is None}
        rejected |= self._receive([(message, envelope) for message, envelope in read if envelope])
        taken_in = [message.delivery_tag for message in batch if message.delivery_tag not in rejected]
        if not self._gave_up:
            self._tell(Settled(taken_in, sorted(rejected)))

    def _read(self, message: kombu.Message) -> Envelope | None:
        body = message.body or b""
        if len(body) > LARGEST:
            return self._reject("too large", f"{len(body)} bytes, more than the {LARGEST} that an event may have")
        try:
            return decode(body)
        except Undecodable as error:
            return self._reject("not an event", error)

    def _reject(self, reason: str, error: object) -> None:
        """It goes to the dead letters of the broker, and from there to the operators' list."""
        log.error("%s: rejected what is %s: %s", self._name, reason, error)
        meters.rejected.labels(self._name, reason).inc()

    def _receive(self, readable: list[tuple[kombu.Message, Envelope]]) -> set[int]:
        """Take them in; returns the tags of those that can be stored in no database."""
        try:
            if readable:
                self._take_in([envelope for _, envelope in readable])
        except (DataError, UnicodeError) as error:
            if len(readable) > 1:  # one of them; by itself, or it would hold up the others for ever
                return {tag for pair in readable for tag in self._receive([pair])}
            self._reject("not storable", error)
            return {readable[0][0].delivery_tag}
        return set()

    def _take_in(self, envelopes: list[Envelope]) -> None:
        """Until the database does; unacknowledged meanwhile, so that a crash loses nothing."""
        for failures in range(1, FAILURES_IN_A_ROW + 1):
            try:
                return self._inbox.receive(envelopes)
            except (DataError, UnicodeError):
                raise
            except Exception as error:  # nothing has happened
                log.warning("%s: cannot take in events (failure %d): %s", self._name, failures, error)
                self._last_error = error
            if self._closing.wait(1):
                break
        self._gave_up = True
        return self._wake_up()

    def _tell(self, settled: Settled) -> None:
        self._settled.put(settled)
        self._wake_up()

    def _wake_up(self) -> None:
        with suppress(OSError):  # the connection has ended meanwhile: what was done is done, and comes again
            self._waker.send(b".")

    def close(self) -> None:
        self._closing.set()
        self._connection.collect()
        self._wake.close()
        if self._worker.ident is None:  # never started
            self._waker.close()
