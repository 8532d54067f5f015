"""Consuming: one thread speaks AMQP, another handles events, so that a slow handler cannot cost the connection.

I/O thread:    drain ──> deliveries ─┐         ┌─> ack / reject ──> broker
worker thread:                       └─ inbox ─┘ (verdicts; a socket pair wakes the I/O thread)
"""

import logging
import queue
import select
import socket
import threading
import time
from contextlib import suppress
from enum import Enum, auto

import kombu

from shared.events import Envelope, Undecodable, decode
from shared.messaging.inbox import Inbox

from .topology import connect, declare

PREFETCH = 20
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
            except _Session.errors as error:
                wait = RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)]
                log.warning("%s: the broker is away (%r); again in %d s", self._inbox.subscriptions.name, error, wait)
                failures = 1 if self.connected.is_set() else failures + 1
                stop.wait(wait)
            finally:
                self.connected.clear()

    def _consume(self, stop: threading.Event) -> None:
        session = _Session(self._url, self._inbox)
        try:
            self.connected.set()
            log.info("%s: connected to the broker", self._inbox.subscriptions.name)
            session.run(stop)
        finally:
            session.close()


class _Session:
    """The life of one connection. Deliveries it could not settle go back to the queue when it closes."""

    errors = (OSError, *kombu.Connection("amqp://").connection_errors, *kombu.Connection("amqp://").channel_errors)

    def __init__(self, url: str, inbox: Inbox) -> None:
        self._inbox = inbox
        self._connection = connect(url)
        self._connection.connect()
        self._channel = self._connection.channel()
        self._deliveries: queue.Queue[kombu.Message] = queue.Queue()
        self._verdicts: queue.Queue[tuple[kombu.Message, Verdict]] = queue.Queue()
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._closing = threading.Event()
        self._worker = threading.Thread(target=self._work, name="handle events", daemon=True)

    def run(self, stop: threading.Event) -> None:
        bound = declare(self._channel, self._inbox.subscriptions)
        consumer = kombu.Consumer(
            self._channel, [bound], on_message=self._deliveries.put, prefetch_count=PREFETCH, auto_declare=False
        )
        self._worker.start()
        consumer.consume()
        while not stop.is_set():
            self._speak()
        consumer.cancel()
        self._finish()

    def _speak(self) -> None:
        select.select([self._connection.connection.sock, self._wake], [], [], 1)
        self._drain()
        self._settle()
        self._connection.heartbeat_check()

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
        if readable and self._receive([envelope for _, envelope in readable]):
            for message, _ in readable:
                self._give(message, Verdict.ACK)

    def _read(self, message: kombu.Message) -> Envelope | None:
        try:
            return decode(message.body)
        except Undecodable as error:
            log.error("%s: rejected what is no event: %s", self._inbox.subscriptions.name, error)
            self._give(message, Verdict.REJECT)
            return None

    def _receive(self, envelopes: list[Envelope]) -> bool:
        """Until the database takes them; unacknowledged meanwhile, so a crash loses nothing."""
        while not self._closing.is_set():
            try:
                self._inbox.receive(envelopes)
                return True
            except Exception as error:  # the database is away: wait here rather than burn delivery counts
                log.warning("%s: cannot take in events, again in 1 s: %s", self._inbox.subscriptions.name, error)
                time.sleep(1)
        return False

    def _give(self, message: kombu.Message, verdict: Verdict) -> None:
        self._verdicts.put((message, verdict))
        self._waker.send(b".")

    def close(self) -> None:
        self._closing.set()
        self._connection.collect()
        self._wake.close()
        if not self._worker.is_alive():
            self._waker.close()
