"""Publishing with pipelined confirms: many keys are under way at once, of each key one event at a time."""

import logging
import struct
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any

import kombu
from amqp.exceptions import FrameSyntaxError, PreconditionFailed
from kombu.exceptions import OperationalError

from shared.events import CONTENT_TYPE
from shared.messaging import meters
from shared.messaging.relay import Outcome, Unsendable, Waiting

from .topology import EVENTS, HEARTBEAT, connect, dial

CONFIRM_WITHIN = 10  # seconds without any confirm
WRITE_WITHIN = 5  # seconds
PERSISTENT = 2

log = logging.getLogger(__name__)


class BrokerAway(Exception):
    """No connection, or no confirm in time. What was sent may have arrived: it will be sent again."""


class BrokerPublisher:
    """One connection, one channel in confirm mode; thrown away after any doubt, since a late confirm would lie."""

    def __init__(self, url: str, *, passive: bool = False) -> None:
        self._url, self._passive = url, passive
        self._line: _Line | None = None

    def publish(self, rows: Sequence[Waiting]) -> Outcome:
        """Raises `BrokerAway` or `Unsendable`; what was confirmed before that is sent again, which is harmless."""
        try:
            return self._open_line().send(rows)
        except (*UNSENDABLE, Unsendable) as error:
            self.close()
            raise Unsendable(repr(error)) from error
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
            self._line = _Line(self._url, self._passive)
            self._line.open()
        return self._line

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


# The broker closes the channel for one event that it will never take (too large, say); the client, for one that does
# not fit into a frame.
UNSENDABLE = (PreconditionFailed, FrameSyntaxError, struct.error)


class _Line:
    """A connection and what is in flight on it: delivery tag -> row. Closed also if opening it fails half-way."""

    errors = kombu.Connection("amqp://").connection_errors + kombu.Connection("amqp://").channel_errors

    def __init__(self, url: str, passive: bool) -> None:
        self._connection, self._passive = connect(url), passive
        self._last_tag = 0
        self._in_flight: dict[int, Waiting] = {}
        self._behind: dict[str, deque[Waiting]] = {}  # what follows under a key that is in flight
        self._confirmed_keys: list[str] = []
        self._outcome = Outcome()

    def open(self) -> None:
        dial(self._connection)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._returned)
        EVENTS(self._channel).declare(passive=self._passive)
        self._used_at = time.monotonic()

    def is_stale(self) -> bool:
        """Nobody has sent heartbeats for so long (this process was asleep, say) that the broker may have hung up."""
        return time.monotonic() - self._used_at > HEARTBEAT

    def stay(self) -> None:
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=0.001)
        self._connection.heartbeat_check()
        self._used_at = time.monotonic()

    def send(self, rows: Sequence[Waiting]) -> Outcome:
        self._outcome, self._behind = Outcome(), defaultdict(deque)
        self._positions = {str(row.id): row.position for row in rows}
        for row in rows:
            self._behind[row.partition_key].append(row)
        self._confirmed_keys = list(self._behind)
        with meters.confirm_seconds.time():
            self._send_all()
        self._used_at = time.monotonic()
        meters.published.inc(len(self._outcome.confirmed))
        return self._outcome

    def _send_all(self) -> None:
        while self._confirmed_keys or self._in_flight:
            keys, self._confirmed_keys = self._confirmed_keys, []
            for key in keys:
                if self._behind[key]:
                    self._publish(self._behind[key].popleft())
            if self._in_flight and not self._confirmed_keys:
                self._await_confirm()

    def _await_confirm(self) -> None:
        try:
            self._connection.drain_events(timeout=CONFIRM_WITHIN)
        except TimeoutError:
            raise TimeoutError(f"{len(self._in_flight)} events unconfirmed after {CONFIRM_WITHIN} s") from None

    def _publish(self, row: Waiting) -> None:
        self._last_tag += 1
        self._in_flight[self._last_tag] = row
        message = self._channel.prepare_message(
            row.payload.encode(),
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            headers={"partitionkey": row.partition_key},
            properties={
                "delivery_mode": PERSISTENT,
                "message_id": str(row.id),
                "type": row.type,
                "app_id": row.type.partition(".")[0],
            },
        )
        self._channel.basic_publish(
            message, exchange=EVENTS.name, routing_key=row.type, mandatory=True, timeout=WRITE_WITHIN
        )

    def _acked(self, tag: int, multiple: bool) -> None:
        for row in self._settled(tag, multiple):
            self._outcome.confirmed.add(row.position)
            self._confirmed_keys.append(row.partition_key)

    def _nacked(self, tag: int, multiple: bool) -> None:
        for row in self._settled(tag, multiple):
            log.warning("the broker refused %s %s; it will be sent again", row.type, row.id)
            meters.refused.inc()
            self._outcome.refused.add(row.position)

    def _settled(self, tag: int, multiple: bool) -> list[Waiting]:
        # Tags rise, and so do the keys of this dictionary.
        tags = list(takewhile(lambda t: t <= tag, self._in_flight)) if multiple else [tag]
        return [self._in_flight.pop(t) for t in tags]

    def _returned(self, _error: Any, _exchange: str, _routing_key: str, message: Any) -> None:
        # The return comes before the confirm of the same message.
        meters.returned.inc()
        self._outcome.unrouted.add(self._positions[message.properties["message_id"]])

    def close(self) -> None:
        self._connection.collect()
