"""What a service hears: a readable list of functions, one per event, each named by its consequence."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from shared.domain.correlation import Correlation, under
from shared.domain.trace import next_hop
from shared.events import Envelope, decode_data, heard_as, publisher_of, read_as

Handler = Callable[[Any, Session], None]


class Unrecoverable(Exception):
    """Raised by a handler when trying again cannot help: the event goes to the dead letters at once."""


class OnDead(StrEnum):
    """What becomes of later events of a key whose earlier event is dead."""

    BLOCK_KEY = "block_key"  # they wait for the operator, so that order is kept
    SKIP = "skip"  # they go on without it


class Subscriptions:
    """`name` is `<consumer>.<purpose>`; the queue bears it, and each event is handled once under it.

    `keeps` marks what only writes down what was told (projections): it may be played again from the past into fresh
    tables. `on` marks what acts (a mail, an event of our own) and happens once. An event may have both.
    `before_keeping` marks what acts too, and must still find what was kept before.
    """

    def __init__(self, name: str, on_dead: OnDead = OnDead.BLOCK_KEY) -> None:
        self.name, self.on_dead = name, on_dead
        self._first: dict[str, Handler] = {}
        self._keepers: dict[str, Handler] = {}
        self._handlers: dict[str, Handler] = {}

    def keeps(self, event_class: type) -> Callable[[Handler], Handler]:
        return self._enter(self._keepers, event_class)

    def on(self, event_class: type) -> Callable[[Handler], Handler]:
        return self._enter(self._handlers, event_class)

    def before_keeping(self, event_class: type) -> Callable[[Handler], Handler]:
        return self._enter(self._first, event_class)

    def _enter(self, list_of: dict[str, Handler], event_class: type) -> Callable[[Handler], Handler]:
        def subscribe(handler: Handler) -> Handler:
            if list_of.setdefault(event_class.wire_type, handler) is not handler:
                raise ValueError(f"{self.name} hears {event_class.wire_type} twice")
            return handler

        return subscribe

    @property
    def _in_turn(self) -> tuple[dict[str, Handler], ...]:
        return self._first, self._keepers, self._handlers

    @property
    def dead_block(self) -> bool:
        return self.on_dead is OnDead.BLOCK_KEY

    @property
    def types(self) -> list[str]:
        """The wire types heard, older versions of them included."""
        newest = {**self._first, **self._keepers, **self._handlers}
        return sorted({*newest, *(older for wire_type in newest for older in heard_as(wire_type))})

    @property
    def publishers(self) -> list[str]:
        return sorted({publisher_of(wire_type) for wire_type in self.types})

    def hears(self, envelope: Envelope) -> bool:
        """Not what tells, for older readers, the same as an event of a newer version that is heard here as well."""
        newest = read_as(envelope.type)
        is_heard_twice = envelope.twinof and newest != envelope.type
        return any(newest in handlers for handlers in self._in_turn) and not is_heard_twice

    def handle(self, envelope: Envelope, session: Session) -> None:
        """Decode and hand over; whatever the handlers record is caused by this event."""
        newest, happened = read_as(envelope.type), decode_data(envelope)
        with under(caused_by(envelope)):
            for handlers in self._in_turn:
                if newest in handlers:
                    handlers[newest](happened, session)

    def only_keeping(self, name: str) -> "Subscriptions":
        """The same without what acts, under another name: for playing the past into fresh tables."""
        keeping = Subscriptions(name, self.on_dead)
        keeping._keepers = dict(self._keepers)
        return keeping


def caused_by(envelope: Envelope) -> Correlation:
    """What follows from an event goes on in its chain and in its trace."""
    hop = next_hop(envelope.traceparent) if envelope.traceparent else None
    return Correlation(envelope.correlationid or None, str(envelope.id), hop, envelope.time)
