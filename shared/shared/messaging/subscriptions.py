"""What a service hears: a readable list of functions, one per event, each named by its consequence."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from shared.domain.correlation import Correlation, current
from shared.events import Envelope, decode_data, publisher_of

Handler = Callable[[Any, Session], None]


class Unrecoverable(Exception):
    """Raised by a handler when trying again cannot help: the event goes to the dead letters at once."""


class Subscriptions:
    """`name` is `<consumer>.<purpose>`; the queue bears it, and each event is handled once under it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: dict[str, Handler] = {}

    def on(self, event_class: type) -> Callable[[Handler], Handler]:
        def subscribe(handler: Handler) -> Handler:
            if self._handlers.setdefault(event_class.wire_type, handler) is not handler:
                raise ValueError(f"{self.name} hears {event_class.wire_type} twice")
            return handler

        return subscribe

    @property
    def types(self) -> list[str]:
        return sorted(self._handlers)

    @property
    def publishers(self) -> list[str]:
        return sorted({publisher_of(wire_type) for wire_type in self._handlers})

    def hears(self, wire_type: str) -> bool:
        return wire_type in self._handlers

    def handle(self, envelope: Envelope, session: Session) -> None:
        """Decode and hand over; whatever the handler records is caused by this event."""
        happened = decode_data(envelope)
        token = current.set(Correlation(envelope.correlationid or None, cause=str(envelope.id)))
        try:
            self._handlers[envelope.type](happened, session)
            session.flush()
        finally:
            current.reset(token)
