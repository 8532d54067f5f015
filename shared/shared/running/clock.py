"""What a service does because time passed: a table of intervals and functions, each in a transaction of its own.

deadlines = [(5, use_cases.close_due_elections), (60, use_cases.lapse_invitations)]
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.messaging.leadership import Leadership

Deadline = tuple[float, Callable[[Session, datetime], object]]
"""Every so many seconds, a function of a session and now."""

log = logging.getLogger(__name__)


class Clock:
    """Runs the deadlines that are due; only one of several processes does."""

    def __init__(self, sessions: Sessions, leadership: Leadership, deadlines: Sequence[Deadline]) -> None:
        self._sessions, self._leadership, self._deadlines = sessions, leadership, deadlines
        self._last_run: dict[Callable[[Session, datetime], object], float] = {}

    def step(self) -> bool:
        if not self._leadership.is_mine():
            return False
        for seconds, function in self._deadlines:
            if time.monotonic() - self._last_run.get(function, -seconds) >= seconds:
                self._run(function)
        return False

    def _run(self, function: Callable[[Session, datetime], object]) -> None:
        self._last_run[function] = time.monotonic()
        with self._sessions.transaction() as session:
            function(session, datetime.now(UTC))
