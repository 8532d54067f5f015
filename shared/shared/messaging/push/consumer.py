"""Consuming: one thread speaks AMQP, another handles events, so that a slow handler cannot cost the connection.

I/O thread:    drain ──> deliveries ─┐         ┌─> ack / reject ──> broker
worker thread:                       └─ inbox ─┘ (verdicts; a socket pair wakes the I/O thread)
"""

import logging
import queue
import select
import socket
import threading
from contextlib import suppress
from enum import Enum, auto

import kombu
from sqlalchemy.exc import DataError

from shared.events import Envelope, Undecodable, decode
from shared.messaging.inbox import Inbox

from .topology import connect, declare, dial

PREFETCH = 20
LOOK_UP_AFTER = 0.5  # seconds without anything to do: is it time for a heartbeat, or to stop?
RECONNECT_AFTER = (1, 2, 5, 10, 30)  # seconds; the last one repeats

log = logging.getLogger(__name__)


class Verdict(Enum):
    ACK = auto()
    REJECT = auto()


class Consumer:
    """Feeds one subscription from its queue; comes back by itself after any loss of the connection."""

    def __init__(self, url: str, inbox: Inbox) -> None:
        self._url, self._inbox = url, inbox
        self.connected = threading.Event()

    def run(self, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                self._consume(stop)
            except Exception as error:  # whatever ends a connection must not end the listening
                failures = 0 if self.connected.is_set() else failures
                wait = RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)]
                log.warning("%s: the broker is away (%r); again in %d s", self._inbox.subscriptions.name, error, wait)
                failures += 1
                stop.wait(wait)
            finally:
                self.connected.clear()

    def _consume(self, stop: threading.Event) -> None:
        session = _Session(self._url, self._inbox)
        try:
            session.open()
            self.connected.set()
            log.info("%s: connected to the broker", self._inbox.subscriptions.name)
            session.run(stop)
        finally:
            session.close()


class _Session:
    """The life of one connection. Deliveries it could not settle go back to the queue when it closes."""

    def __init__(self, url: str, inbox: Inbox) -> None:
        self._inbox = inbox
        self._connection = connect(url)
        self._deliveries: queue.Queue[kombu.Message] = queue.Queue()
        self._verdicts: queue.Queue[tuple[kombu.Message, Verdict]] = queue.Queue()
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._closing = threading.Event()
        self._worker = threading.Thread(target=self._work, name="handle events", daemon=True)

    def open(self) -> None:
        dial(self._connection)
        channel = self._connection.channel()
        queues = [declare(channel, self._inbox.subscriptions)]
        self._consumer = kombu.Consumer(
            channel, queues, on_message=self._deliveries.put, prefetch_count=PREFETCH, auto_declare=False
        )
        self._worker.start()
        self._consumer.consume()

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
        if not self._worker.is_alive():
            raise RuntimeError("the thread that handles events has ended")

    def _drain(self) -> None:
        with suppress(TimeoutError):
            while True:
                self._connection.drain_events(timeout=0.001)

    def _settle(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        while not self._verdicts.empty():
            message, verdict = self._verdicts.get()
            message.ack() if verdict is Verdict.ACK else message.reject()

    def _finish(self) -> None:
        """Let the worker end what it has in hand, and tell the broker; the rest goes back."""
        self._closing.set()
        self._worker.join(timeout=20)
        self._settle()

    def _work(self) -> None:
        with self._waker:
            self._handle_all()

    def _handle_all(self) -> None:
        while not self._closing.is_set():
            try:
                batch = [self._deliveries.get(timeout=0.2)]
            except queue.Empty:
                continue
            while not self._deliveries.empty() and len(batch) < PREFETCH:
                batch.append(self._deliveries.get())
            self._handle(batch)

    def _handle(self, batch: list[kombu.Message]) -> None:
        readable = [(message, envelope) for message in batch if (envelope := self._read(message))]
        if readable:
            self._receive(readable)

    def _read(self, message: kombu.Message) -> Envelope | None:
        try:
            return decode(message.body)
        except Undecodable as error:
            log.error("%s: rejected what is no event: %s", self._inbox.subscriptions.name, error)
            self._give(Verdict.REJECT, message)
            return None

    def _receive(self, readable: list[tuple[kombu.Message, Envelope]]) -> None:
        """Until the database takes them; unacknowledged meanwhile, so a crash loses nothing."""
        while not self._closing.is_set() and not self._is_settled(readable):
            self._closing.wait(1)

    def _is_settled(self, readable: list[tuple[kombu.Message, Envelope]]) -> bool:
        try:
            self._inbox.receive([envelope for _, envelope in readable])
            self._give(Verdict.ACK, *(message for message, _ in readable))
        except (DataError, UnicodeError) as error:
            self._part(readable, error)
        except Exception as error:  # the database is away: wait here rather than burn delivery counts
            log.warning("%s: cannot take in events, again in 1 s: %s", self._inbox.subscriptions.name, error)
            return False
        return True

    def _part(self, readable: list[tuple[kombu.Message, Envelope]], error: Exception) -> None:
        """One of these can be stored in no database; rejected, or it would hold up the others for ever."""
        if len(readable) > 1:
            for one in readable:
                self._receive([one])
        else:
            log.error("%s: rejected what cannot be stored: %s", self._inbox.subscriptions.name, error)
            self._give(Verdict.REJECT, readable[0][0])

    def _give(self, verdict: Verdict, *messages: kombu.Message) -> None:
        for message in messages:
            self._verdicts.put((message, verdict))
        with suppress(OSError):  # the connection has ended meanwhile: what was done is done, and comes again
            self._waker.send(b".")

    def close(self) -> None:
        self._closing.set()
        self._connection.collect()
        self._wake.close()
        if self._worker.ident is None:  # never started
            self._waker.close()
