"""What a service does because time passed: functions with an interval, each in a transaction of its own."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.messaging.leadership import Leadership

Deadline = Callable[[Session, datetime], None]

log = logging.getLogger(__name__)


@dataclass
class Deadlines:
    """A readable list; a function is called with a session and now, every so many seconds."""

    every_seconds: list[tuple[float, Deadline]] = field(default_factory=list)

    def every(self, seconds: float) -> Callable[[Deadline], Deadline]:
        def remember(function: Deadline) -> Deadline:
            self.every_seconds.append((seconds, function))
            return function

        return remember


class Clock:
    """Runs the deadlines that are due; only one of several processes does."""

    def __init__(self, sessions: Sessions, leadership: Leadership, deadlines: Deadlines) -> None:
        self._sessions, self._leadership, self._deadlines = sessions, leadership, deadlines
        self._last_run: dict[Deadline, float] = {}

    def step(self) -> bool:
        if not self._leadership.is_mine():
            return False
        for seconds, function in self._deadlines.every_seconds:
            if time.monotonic() - self._last_run.get(function, -seconds) >= seconds:
                self._run(function)
        return False

    def _run(self, function: Deadline) -> None:
        self._last_run[function] = time.monotonic()
        with self._sessions.transaction() as session:
            function(session, datetime.now(UTC))
