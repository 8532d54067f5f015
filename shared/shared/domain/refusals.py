"""The one tree of refusals: every "no" of the system, each with a stable code.

Refusal
├── Invalid         422  what was sent cannot be right
├── NotIdentified   401  the caller has not shown who they are
├── NotAllowed      403  the caller is known, and may not
├── NotFound        404  there is no such thing, or none for this caller
└── Refused         409  the state of things forbids it now
    └── Stale       409  somebody else changed it first
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: where (a field, or a line and a column), what, and why."""

    reason: str
    field: str | None = None
    line: int | None = None
    value: str | None = None


class Refusal(Exception):
    """`code` is stable and for programs (`meeting.too_soon`); `message` says to people what to do."""

    def __init__(self, code: str, message: str, faults: list[Fault] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.faults = code, message, faults or []


class Invalid(Refusal):
    pass


class NotIdentified(Refusal):
    pass


class NotAllowed(Refusal):
    pass


class NotFound(Refusal):
    pass


class Refused(Refusal):
    pass


class Stale(Refused):
    pass
