"""The thread that handles events: it takes deliveries in batches, and says which of them are settled."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import kombu
from sqlalchemy.exc import DataError

from shared.events import Envelope, Undecodable, decode
from shared.messaging import meters
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import LARGEST

BATCH = 100  # events in one transaction
FAILURES_IN_A_ROW = 5  # of the database, until the broker gets its deliveries back

log = logging.getLogger(__name__)


class Settled(NamedTuple):
    """Delivery tags that were dealt with: some taken in, some rejected; none before them is still in hand."""

    taken_in: list[int]
    rejected: list[int]


class Worker:
    """Handles what is put into `deliveries`; what is done with lies in `settled`, and `wake` tells of it."""

    def __init__(self, inbox: Inbox, wake: Callable[[], None]) -> None:
        self._inbox, self._name, self._wake = inbox, inbox.subscriptions.name, wake
        self.deliveries: queue.Queue[kombu.Message] = queue.Queue()
        self.settled: queue.Queue[Settled] = queue.Queue()
        self.gave_up: Exception | None = None  # after so many failures of the database
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="handle events", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._closing.set()

    def finish(self) -> None:
        """End what is in hand, and no more."""
        self._closing.set()
        self._thread.join(timeout=20)

    def _work(self) -> None:
        while not self._closing.is_set() and not self.gave_up:
            if batch := self._next_batch():
                self._handle(batch)

    def _next_batch(self) -> list[kombu.Message]:
        try:
            batch = [self.deliveries.get(timeout=0.2)]
        except queue.Empty:
            return []
        while not self.deliveries.empty() and len(batch) < BATCH:
            batch.append(self.deliveries.get())
        return batch

    def _handle(self, batch: Sequence[kombu.Message]) -> None:
        read = [(message.delivery_tag, self._read(message)) for message in batch]
        rejected = {tag for tag, envelope in read if envelope is None}
        rejected |= self._receive([(tag, envelope) for tag, envelope in read if envelope])
        if not self.gave_up:
            self.settled.put(Settled([tag for tag, _ in read if tag not in rejected], sorted(rejected)))
        self._wake()

    def _read(self, message: kombu.Message) -> Envelope | None:
        body = message.body or b""
        if len(body) > LARGEST:
            self._reject("too large", f"{len(body)} bytes, more than the {LARGEST} that an event may have")
            return None
        try:
            return decode(body)
        except Undecodable as error:
            self._reject("not an event", error)
            return None

    def _reject(self, reason: str, error: object) -> None:
        """It goes to the dead letters of the broker, and from there to the operators' list."""
        log.error("%s: rejected what is %s: %s", self._name, reason, error)
        meters.rejected.labels(self._name, reason).inc()

    def _receive(self, readable: Sequence[tuple[int, Envelope]]) -> set[int]:
        """Take them in; returns the tags of those that can be stored in no database."""
        try:
            if readable:
                self._take_in([envelope for _, envelope in readable])
        except (DataError, UnicodeError) as error:
            if len(readable) > 1:  # one of them; by itself, or it would hold up the others for ever
                return {tag for pair in readable for tag in self._receive([pair])}
            self._reject("not storable", error)
            return {readable[0][0]}
        return set()

    def _take_in(self, envelopes: Sequence[Envelope]) -> None:
        """Until the database does; unacknowledged meanwhile, so that a crash loses nothing."""
        for failures in range(1, FAILURES_IN_A_ROW + 1):
            try:
                return self._inbox.receive(envelopes)
            except (DataError, UnicodeError):
                raise
            except Exception as error:  # nothing has happened
                log.warning("%s: cannot take in events (failure %d): %s", self._name, failures, error)
                last = error
            if self._closing.wait(1):
                break
        self.gave_up = last
        return None
