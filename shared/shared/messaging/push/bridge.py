"""The bridge: carries what the broker has given up into the inbox, where operators find it beside everything else.

queue <subscription>.dead ──> a dead row of the inbox ──> commit ──> acknowledge

One thread is enough, since nothing is handled here, only written down. Two bridges at once share the work: what one
of them has written down and could not acknowledge, the other finds written.
"""

import logging
import threading
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import kombu
from sqlalchemy.exc import DataError

from shared.domain.database import Sessions, insert_into, rows_changed
from shared.events import Envelope, Undecodable, decode, encode
from shared.messaging import meters
from shared.messaging.dead_letter_store import GIVEN_UP, UNREADABLE
from shared.messaging.erasure import redacted_body
from shared.messaging.inbox_row import InboxRow, Status, lock_keys
from shared.messaging.outbox import LARGEST
from shared.messaging.parking import storable
from shared.messaging.subscriptions import Subscriptions

from .consumer import LOOK_UP_AFTER, RECONNECT_AFTER
from .topology import connect, declare, declared, dial

PREFETCH = 10  # each may be as large as the broker allows
KEPT = 64 * 1024  # bytes of a body that nobody can read
DEATHS_TOLD, LONGEST_TELLING = 5, 300  # of `x-death`; characters of each

BODIES = UUID("5f0f8e9c-3d1f-5b0a-9c53-0d7a4be1c0de")  # the same body has the same id, whoever carries it

Row = dict[str, Any]

log = logging.getLogger(__name__)


class Bridge:
    """For one subscription. Comes back by itself after any loss of the broker or the database.

    `passive` is for a service without the right to make queues.
    """

    def __init__(self, url: str, sessions: Sessions, subscriptions: Subscriptions, *, passive: bool = False) -> None:
        self._url, self._sessions, self._subscriptions = url, sessions, subscriptions
        self._passive = passive
        self._name = declared(subscriptions)[0].name
        self._delivered: list[kombu.Message] = []
        self.connected, self.connections = threading.Event(), 0

    def run(self, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                self._carry_until(stop)
            except Exception as error:  # whatever ends a connection must not end the carrying
                failures = 0 if self.connected.is_set() else failures
                wait = RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)]
                log.warning("%s: the broker or the database is away (%r); again in %d s", self._name, error, wait)
                failures += 1
                stop.wait(wait)
            finally:
                self.connected.clear()

    def _carry_until(self, stop: threading.Event) -> None:
        connection = connect(self._url)
        try:
            dial(connection)
            self._open(connection)
            self.connected.set()
            self.connections += 1
            while not stop.is_set():
                self._carry_next(connection)
        finally:
            connection.collect()

    def _open(self, connection: kombu.Connection) -> None:
        channel = connection.channel()
        declare(channel, self._subscriptions, passive=self._passive)
        self._delivered = []  # what an earlier connection has brought comes again
        kombu.Consumer(
            channel,
            [kombu.Queue(self._name)],
            on_message=self._delivered.append,
            prefetch_count=PREFETCH,
            auto_declare=False,
        ).consume()

    def _carry_next(self, connection: kombu.Connection) -> None:
        with suppress(TimeoutError):
            connection.drain_events(timeout=LOOK_UP_AFTER)
        while self._delivered:
            self._carry(self._delivered.pop(0))
        connection.heartbeat_check()

    def _carry(self, message: kombu.Message) -> None:
        body = message.body or b""
        raw = body.encode(errors="surrogatepass") if isinstance(body, str) else bytes(body)
        try:
            self._enter(self._read(message, raw))
        except (Undecodable, DataError, UnicodeError) as error:
            self._enter(self._unreadable(message, raw, error))
        message.ack()

    def _read(self, message: kombu.Message, body: bytes) -> Row:
        if len(body) > LARGEST:
            raise Undecodable(f"more than the {LARGEST} bytes that an event may have")
        envelope = decode(body)
        return self._dead(message, envelope) if self._subscriptions.hears(envelope) else self._skipped(envelope)

    def _dead(self, message: kombu.Message, envelope: Envelope) -> Row:
        why = _deaths(message)
        return self._row(envelope.id, envelope.type, envelope.partitionkey) | {
            "status": Status.DEAD,
            "died_at": datetime.now(UTC),
            "payload": encode(envelope).decode(),
            "exception": GIVEN_UP,
            "error": "\n".join([*why, f"{GIVEN_UP}: {why[0]}"]),
        }

    def _skipped(self, envelope: Envelope) -> Row:
        return self._row(envelope.id, envelope.type, envelope.partitionkey) | {"status": Status.SKIPPED}

    def _unreadable(self, message: kombu.Message, body: bytes, error: Exception) -> Row:
        """Its key is its own id, so that it holds back nobody."""
        id = uuid5(BODIES, sha256(body).hexdigest())
        claimed = storable(str(message.properties.get("type") or "unreadable"))
        size = f"{len(body)} bytes{f', cut to {KEPT}' if len(body) > KEPT else ''}"
        return self._row(id, claimed, str(id)) | {
            "status": Status.DEAD,
            "died_at": datetime.now(UTC),
            "payload": _as_text(body[:KEPT]),
            "exception": UNREADABLE,
            "error": "\n".join([*_deaths(message), f"{UNREADABLE}: {_one_line(_reason(error))} ({size})"]),
        }

    def _row(self, id: UUID, type: str, key: str) -> Row:
        own = {"message_id": id, "type": type, "partition_key": key}
        return own | {"subscription": self._subscriptions.name, "attempts": 0, "received_at": datetime.now(UTC)}

    def _enter(self, row: Row) -> None:
        with self._sessions.transaction() as session:
            lock_keys(session, {row["partition_key"]})
            row = row | {"payload": redacted_body(session, row.get("payload"))}
            wish = insert_into(session, InboxRow).values(row).on_conflict_do_nothing()
            is_new = rows_changed(session, wish) == 1
        self._note(row, is_new)

    def _note(self, row: Row, is_new: bool) -> None:
        name, said = self._subscriptions.name, row.get("error", "").rpartition("\n")[2]
        if is_new:
            meters.received.labels(name, row["status"]).inc()
            log.error("%s: %s %s is %s: %s", self._name, row["type"], row["message_id"], row["status"], said)
        else:
            meters.duplicates.labels(name).inc()
            log.info("%s: %s %s had been taken in before", self._name, row["type"], row["message_id"])


def _deaths(message: kombu.Message) -> list[str]:
    """What the broker says of it, latest first; anybody could have sent something else under that name."""
    deaths = message.headers.get("x-death")
    known = [death for death in deaths if isinstance(death, dict)] if isinstance(deaths, list) else []
    return [_death(death) for death in known[:DEATHS_TOLD]] or ["the broker does not say why"]


def _death(death: dict[str, Any]) -> str:
    times = f"{death.get('count')} time{'' if death.get('count') == 1 else 's'}"
    return _one_line(f"{death.get('reason')} in {death.get('queue')}, {times}, at {death.get('time')}")


def _reason(error: Exception) -> str:
    """A database's error repeats much of what could not be stored."""
    return str(error) if isinstance(error, Undecodable) else f"no database can store it ({type(error).__name__})"


def _one_line(text: str) -> str:
    return storable(" ".join(text.split())[:LONGEST_TELLING])


def _as_text(body: bytes) -> str:
    return body.decode(errors="backslashreplace").replace("\x00", "\\x00")
