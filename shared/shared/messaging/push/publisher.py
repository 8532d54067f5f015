"""Publishing with pipelined confirms: a whole wave is sent, then its confirms are awaited together."""

import logging
import time
from contextlib import suppress
from typing import Any

import kombu
from kombu.exceptions import OperationalError

from shared.events import CONTENT_TYPE
from shared.messaging.outbox import OutboxRow
from shared.messaging.relay import Outcome

from .topology import EVENTS, HEARTBEAT, connect, dial

CONFIRM_WITHIN = 10  # seconds
WRITE_WITHIN = 5  # seconds

log = logging.getLogger(__name__)


class BrokerAway(Exception):
    """No connection, or no confirm in time. What was sent may have arrived: it will be sent again."""


class BrokerPublisher:
    """One connection, one channel in confirm mode; thrown away after any doubt, since a late confirm would lie."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._line: _Line | None = None

    def publish(self, rows: list[OutboxRow]) -> Outcome:
        """Raises `BrokerAway`; rows that were confirmed before that are sent again, which is harmless."""
        try:
            return self._open_line().send(rows)
        except (OSError, OperationalError, kombu.exceptions.KombuError, *_Line.errors) as error:
            self.close()
            raise BrokerAway(f"the broker did not take the events: {error!r}") from error

    def rest(self) -> None:
        """Stay connected while there is nothing to publish. A line that has died is replaced by the next publish."""
        try:
            if self._line:
                self._line.stay()
        except (OSError, *_Line.errors):
            self.close()

    def _open_line(self) -> "_Line":
        if self._line and self._line.is_stale():
            self.close()
        if self._line is None:
            self._line = _Line(self._url)
            self._line.open()
        return self._line

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


class _Line:
    """A connection and what is in flight on it: delivery tag -> row. Closed also if opening it fails half-way."""

    errors = kombu.Connection("amqp://").connection_errors + kombu.Connection("amqp://").channel_errors

    def __init__(self, url: str) -> None:
        self._connection = connect(url)
        self._last_tag = 0
        self._in_flight: dict[int, OutboxRow] = {}
        self._outcome = Outcome()

    def open(self) -> None:
        dial(self._connection)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        EVENTS(self._channel).declare()
        self._producer = kombu.Producer(self._channel, EVENTS, auto_declare=False, on_return=self._returned)
        self._used_at = time.monotonic()

    def is_stale(self) -> bool:
        """Nobody has sent heartbeats for so long (this process was asleep, say) that the broker may have hung up."""
        return time.monotonic() - self._used_at > HEARTBEAT

    def stay(self) -> None:
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=0.001)
        self._connection.heartbeat_check()
        self._used_at = time.monotonic()

    def send(self, rows: list[OutboxRow]) -> Outcome:
        self._outcome = Outcome()
        for row in rows:
            self._last_tag += 1
            self._in_flight[self._last_tag] = row
            self._publish(row)
        self._await_confirms()
        self._used_at = time.monotonic()
        return self._outcome

    def _publish(self, row: OutboxRow) -> None:
        self._producer.publish(
            row.payload,
            routing_key=row.type,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
            mandatory=True,
            message_id=str(row.id),
            type=row.type,
            app_id=row.type.partition(".")[0],
            headers={"partitionkey": row.partition_key},
            timeout=WRITE_WITHIN,
        )

    def _await_confirms(self) -> None:
        deadline = time.monotonic() + CONFIRM_WITHIN
        while self._in_flight:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{len(self._in_flight)} events unconfirmed after {CONFIRM_WITHIN} s")
            self._connection.drain_events(timeout=left)

    def _acked(self, tag: int, multiple: bool) -> None:
        for row in self._settled(tag, multiple):
            self._outcome.confirmed.add(row.id)

    def _nacked(self, tag: int, multiple: bool) -> None:
        for row in self._settled(tag, multiple):
            log.warning("the broker refused %s %s; it will be sent again", row.type, row.id)

    def _settled(self, tag: int, multiple: bool) -> list[OutboxRow]:
        tags = [t for t in self._in_flight if t <= tag] if multiple else [tag]
        return [self._in_flight.pop(t) for t in tags]

    def _returned(self, _error: Any, _exchange: str, _routing_key: str, message: Any) -> None:
        # The return comes before the confirm of the same message.
        unwanted = message.properties["message_id"]
        self._outcome.unrouted |= {row.id for row in self._in_flight.values() if str(row.id) == unwanted}

    def close(self) -> None:
        self._connection.collect()
