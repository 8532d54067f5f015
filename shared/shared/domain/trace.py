"""Where something stands in a trace, as W3C Trace Context (version 00) writes it: version-trace-span-flags.

One trace is all that follows from one request; each hop of it has a span of its own.
"""

import re
import secrets

SAMPLED = "01"
WELL_FORMED = re.compile(r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})")


def begin() -> str:
    """A new trace, which whoever records traces may keep."""
    return _written(_identifier(16), SAMPLED)


def next_hop(traceparent: str | None) -> str:
    """The same trace and flags, a span of its own; what is not valid is ignored, and a new trace begun."""
    parts = _parts(traceparent)
    return _written(parts["trace"], parts["flags"]) if parts else begin()


def is_valid(traceparent: str | None) -> bool:
    return _parts(traceparent) is not None


def trace_id(traceparent: str | None) -> str | None:
    parts = _parts(traceparent)
    return parts["trace"] if parts else None


def _parts(traceparent: str | None) -> re.Match[str] | None:
    found = WELL_FORMED.fullmatch(traceparent or "")
    # All zeros is how the standard writes "none".
    return found if found and found["trace"].strip("0") and found["span"].strip("0") else None


def _written(trace: str, flags: str) -> str:
    return f"00-{trace}-{_identifier(8)}-{flags}"


def _identifier(length: int) -> str:
    """In bytes; never all zeros, however unlikely."""
    while not (drawn := secrets.token_hex(length)).strip("0"):
        pass
    return drawn
