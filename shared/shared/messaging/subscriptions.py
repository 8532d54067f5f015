"""What a service hears, as a table: for each event the functions that it is handed to."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from shared.domain.correlation import Correlation, under
from shared.domain.trace import next_hop
from shared.events import Envelope, decode_data, heard_as, publisher_of, read_as

Handler = Callable[[Session, Any], object]
Table = Mapping[type[Any], Handler | tuple[Handler, ...]]

NOTHING: Table = {}


class Unrecoverable(Exception):
    """Raised by a handler when trying again cannot help: the event goes to the dead letters at once."""


class OnDead(StrEnum):
    """What becomes of later events of a key whose earlier event is dead."""

    BLOCK_KEY = "block_key"  # they wait for the operator, so that order is kept
    SKIP = "skip"  # they go on without it


class Subscriptions:
    """What one queue is read for, as a table: event class -> function, or functions in their order.

        subscriptions = Subscriptions("meetings.roster", keeps=roster.keepers, on={
            CommunityDissolved: use_cases.cancel_meetings,
            MemberLeft: use_cases.withdraw_invitations,
        })

    `name` is `<consumer>.<purpose>`; the queue bears it, and each event is handled once under it.

    `keeps` only writes down what was told (projections): it may be played again from the past into fresh tables.
    `on` acts (a mail, an event of our own) and happens once. An event may have both. `before_keeping` acts too, and
    must still find what was kept before.
    """

    def __init__(
        self,
        name: str,
        *,
        before_keeping: Table = NOTHING,
        keeps: Table = NOTHING,
        on: Table = NOTHING,
        on_dead: OnDead = OnDead.BLOCK_KEY,
    ) -> None:
        self.name, self.on_dead = name, on_dead
        self._before, self._keepers, self._acts = _by_wire_type(before_keeping), _by_wire_type(keeps), _by_wire_type(on)

    @classmethod
    def joined(cls, parts: "Sequence[Subscriptions]") -> "Subscriptions":
        """One queue whose events several capabilities hear, each phase in the order of `parts`."""
        if len(names := {(part.name, part.on_dead) for part in parts}) != 1:
            raise ValueError(f"capabilities of one service hear under one name, and not under {sorted(names)}")
        whole = cls(parts[0].name, on_dead=parts[0].on_dead)
        for part in parts:
            for mine, theirs in zip(whole._in_turn, part._in_turn, strict=True):
                mine.update({wire_type: mine.get(wire_type, ()) + more for wire_type, more in theirs.items()})
        return whole

    @property
    def _in_turn(self) -> tuple[dict[str, tuple[Handler, ...]], ...]:
        return self._before, self._keepers, self._acts

    @property
    def dead_block(self) -> bool:
        return self.on_dead is OnDead.BLOCK_KEY

    @property
    def types(self) -> list[str]:
        """The wire types heard, older versions of them included."""
        newest = {wire_type for handlers in self._in_turn for wire_type in handlers}
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
                for handle in handlers.get(newest, ()):
                    handle(session, happened)

    def only_keeping(self, name: str) -> "Subscriptions":
        """The same without what acts, under another name: for playing the past into fresh tables."""
        keeping = Subscriptions(name, on_dead=self.on_dead)
        keeping._keepers = self._keepers
        return keeping


def caused_by(envelope: Envelope) -> Correlation:
    """What follows from an event goes on in its chain and in its trace."""
    hop = next_hop(envelope.traceparent) if envelope.traceparent else None
    return Correlation(envelope.correlationid or None, str(envelope.id), hop, envelope.time)


def _by_wire_type(table: Table) -> dict[str, tuple[Handler, ...]]:
    return {heard.wire_type: by if isinstance(by, tuple) else (by,) for heard, by in table.items()}
