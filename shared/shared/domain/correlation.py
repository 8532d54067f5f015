"""What ties together all that follows from one request: carried from HTTP to events to mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Correlation:
    """`id` names the whole chain; `cause` is the event that led to what happens now, if one did, at `happened_at`.

    `traceparent` is where this stands in the trace, as W3C Trace Context writes it: see `trace.py`.
    """

    id: str | None = None
    cause: str | None = None
    traceparent: str | None = None
    happened_at: datetime | None = None


NOTHING = Correlation()

current: ContextVar[Correlation] = ContextVar("correlation", default=NOTHING)


@contextmanager
def under(correlation: Correlation) -> Iterator[None]:
    """What is recorded and logged meanwhile belongs to it."""
    token = current.set(correlation)
    try:
        yield
    finally:
        current.reset(token)
