"""Waiting for a condition instead of for time to pass."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], *, within: float = 20, what: str = "") -> T:
    """Ask until the answer is true, and return it; an AssertionError after so many seconds."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {within} s: {what or condition}"
        time.sleep(0.02)
    return answer
