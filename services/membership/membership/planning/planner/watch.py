"""Keeps the time of a search, tells how far it is, and lets the listener end it."""

import time
from collections.abc import Callable

Tell = Callable[[str, int, int | None], None]
OFTEN = 0.1  # seconds between two tellings


def say_nothing(step: str, done: int, total: int | None) -> None:
    """Nobody listens."""


class Watch:
    """Whatever the listener raises ends the search, even from within the solver, where nothing may be raised."""

    def __init__(self, seconds: float, tell: Tell) -> None:
        self._began, self._seconds, self._tell = time.monotonic(), seconds, tell
        self._told = 0.0
        self._raised: BaseException | None = None
        self.step = "start"

    @property
    def passed(self) -> float:
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        return max(0.0, self._seconds - self.passed)

    @property
    def is_over(self) -> bool:
        return self.passed >= self._seconds

    def look(self) -> bool:
        """Is time over? Raises what the listener raises."""
        self.must_stop()
        if self._raised:
            raise self._raised
        return self.is_over

    def must_stop(self) -> bool:
        """The same for the solver's callback; what is raised waits for the next look."""
        now = time.monotonic()
        if now - self._told >= OFTEN and not self._raised:
            self._told = now
            self._speak()
        return self.is_over or self._raised is not None

    def _speak(self) -> None:
        try:
            self._tell(self.step, min(100, int(100 * self.passed / max(self._seconds, 1e-9))), 100)
        except BaseException as raised:  # raised again by `look`, outside the solver
            self._raised = raised
