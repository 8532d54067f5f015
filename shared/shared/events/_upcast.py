"""How an event of an earlier version is read today: pure functions from its data to that of a later version."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ._declare import WIRE_TYPE

Data = dict[str, Any]  # as JSON has it: an upcaster outlives the class that its input once had
Change = Callable[[Data], Data]


class Step(NamedTuple):
    to: str
    change: Change


upcasters: dict[str, Step] = {}


def upcast(earlier: str, *, to: str) -> Callable[[Change], Change]:
    """Read events of the earlier type as if of the later: `@upcast("bells.bell_rung.v1", to="bells.bell_rung.v2")`.

    The earlier type needs no class once nobody tells it. While both are told, the earlier is a twin (see `Envelope`),
    which those who hear the later pass over.
    """
    if not _is_later(to, earlier):
        raise ValueError(f"{to!r} is no later version of {earlier!r}")

    def register(change: Change) -> Change:
        if upcasters.setdefault(earlier, Step(to, change)).change is not change:
            raise ValueError(f"{earlier!r} is upcast twice")
        return change

    return register


def read_as(wire_type: str) -> str:
    """The type as which an event of this type is read: itself, unless it is upcast."""
    while wire_type in upcasters:
        wire_type = upcasters[wire_type].to
    return wire_type


def heard_as(wire_type: str) -> list[str]:
    """The earlier types that are read as this one: whoever hears it hears them too."""
    return sorted((earlier for earlier in upcasters if read_as(earlier) == wire_type), key=_major)


def brought_up(wire_type: str, data: Data) -> Data:
    """The data of an event as the type it is read as has it."""
    while wire_type in upcasters:
        wire_type, change = upcasters[wire_type]
        data = change(data)
    return data


def _is_later(wire_type: str, earlier: str) -> bool:
    return _event_of(wire_type) == _event_of(earlier) and _major(wire_type) > _major(earlier)


def _event_of(wire_type: str) -> str:
    return wire_type.rpartition(".v")[0]


def _major(wire_type: str) -> int:
    found = WIRE_TYPE.fullmatch(wire_type)
    if not found:
        raise ValueError(f"{wire_type!r} is not <publisher>.<event>.v<major>")
    return int(found["major"])
