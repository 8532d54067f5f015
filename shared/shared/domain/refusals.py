"""The one tree of refusals: every "no" of the system, each with a stable code.

Refusal
├── CutShort        400  not all that was sent has arrived
├── Invalid         422  what was sent cannot be right
├── NotIdentified   401  the caller has not shown who they are
├── NotAllowed      403  the caller is known, and may not
├── NotFound        404  there is no such thing, or none for this caller
├── Outdated        412  the thing is no longer what the caller has seen
├── NotSeen         428  the caller has not said what they have seen
├── Away            503  somebody without whom it cannot be answered does not answer
└── Refused         409  the state of things forbids it now
    └── Stale       409  somebody else changed it first

What a code says to people stands in the catalogues (`problems.toml`), in French, Arabic and English; here are only
the facts that fill its blanks: `raise Refused("meeting.too_soon", days=7)`.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: where (a field, or a line and a column), what, and why, as a code."""

    code: str
    field: str | None = None
    line: int | None = None
    value: str | None = None
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Refusal(Exception):
    """`code` is stable and for programs (`meeting.too_soon`); the facts are for people, so no log gets them."""

    def __init__(self, code: str, *, faults: list[Fault] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.faults, self.facts = code, faults or [], facts


class CutShort(Refusal):
    pass


class Invalid(Refusal):
    pass


class NotIdentified(Refusal):
    pass


class NotAllowed(Refusal):
    pass


class NotFound(Refusal):
    pass


class Outdated(Refusal):
    pass


class NotSeen(Refusal):
    pass


class Away(Refusal):
    pass


class Refused(Refusal):
    pass


class Stale(Refused):
    pass
