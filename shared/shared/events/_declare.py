"""How an event is declared: one frozen class, one wire type, one entry in the register."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar, dataclass_transform

from msgspec import Meta

E = TypeVar("E")

Moment = Annotated[datetime, Meta(tz=True)]  # without a zone it could mean any of many moments

WIRE_TYPE = re.compile(r"(?P<publisher>[a-z]+)\.(?P<name>[a-z_]+)\.v(?P<major>[1-9]\d*)")

declared: dict[str, type] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(wire_type: str) -> Callable[[type[E]], type[E]]:
    """Declare what a publisher tells: `@event("meetings.meeting_scheduled.v1")`.

    The wire type is also the routing key. The class holds no id and no time: those belong to the envelope.
    """
    if not WIRE_TYPE.fullmatch(wire_type):
        raise ValueError(f"{wire_type!r} is not <publisher>.<event>.v<major>")

    def declare(cls: type[E]) -> type[E]:
        frozen = dataclass(frozen=True, kw_only=True)(cls)
        setattr(frozen, "wire_type", wire_type)  # noqa: B010 - the class says it only from here on
        if declared.setdefault(wire_type, frozen) is not frozen:
            raise ValueError(f"{wire_type!r} is declared twice")
        return frozen

    return declare


def publisher_of(wire_type: str) -> str:
    """The service that tells this event: the first word of its wire type."""
    return wire_type.partition(".")[0]
