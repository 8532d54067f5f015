"""What ties together all that follows from one request: carried from HTTP to events to mail."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Correlation:
    """`id` names the whole chain; `cause` is the event that led to what happens now, if one did."""

    id: str | None = None
    cause: str | None = None


NOTHING = Correlation()

current: ContextVar[Correlation] = ContextVar("correlation", default=NOTHING)
