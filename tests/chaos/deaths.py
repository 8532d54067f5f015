"""Where a process may die: between every two steps that matter. Production code knows nothing of it.

A process is born with a fate: from a moment on, it dies as soon as it comes to a point, by itself and without a word;
or, without a point, it is killed from outside whatever it does.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import amqp
from sqlalchemy import event
from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.messaging.pull import Puller
from shared.messaging.push import BrokerPublisher
from shared.messaging.push.publisher import _Line

from .stage import Way

# What is committed, by the name of the thread that does.
COMMITS = {
    "MainThread": "a change",
    "log": "positions",
    "relay": "the mark of what was sent",
    "handle events": "what the queue brought",
    "consumer": "what was missed",
    "pull from bells": "a page",
    "inbox retries": "a retry",
}
SENT, CONFIRMED = "after sending, before the confirm", "after the confirm, before the mark"
ACKNOWLEDGED, READ, MADE = "after the acknowledgement", "after reading a page", "before answering with a page"


def before(what: str) -> str:
    return f"before the commit of {what}"


def after(what: str) -> str:
    return f"after the commit of {what}"


def _around(*whats: str) -> tuple[str, ...]:
    return tuple(point(what) for what in whats for point in (before, after))


RELAY = (SENT, CONFIRMED, *_around("the mark of what was sent"))
QUEUE = (*_around("what the queue brought"), ACKNOWLEDGED)
RETRIES = _around("a retry")
POINTS: dict[Way, dict[str, tuple[str, ...]]] = {
    Way.PUSH: {
        "writer": _around("a change"),
        "publisher": (*_around("positions"), *RELAY),
        "feed": (MADE,),
        "subscriber": (*QUEUE, *RETRIES, READ, *_around("what was missed")),
    },
    Way.QUEUE: {
        "writer": _around("a change"),
        "publisher": (*_around("positions"), *RELAY),
        "subscriber": (*QUEUE, *RETRIES),
    },
    Way.PULL: {
        "writer": _around("a change"),
        "publisher": _around("positions"),
        "feed": (MADE,),
        "subscriber": (READ, *_around("a page"), *RETRIES),
    },
}
ALL_POINTS = tuple(dict.fromkeys(point for kinds in POINTS.values() for points in kinds.values() for point in points))
FIRST_CODE = 64  # of the exit codes that tell at which point a process has died


def point_of(exit_code: int) -> str | None:
    place = exit_code - FIRST_CODE
    return ALL_POINTS[place] if 0 <= place < len(ALL_POINTS) else None


@dataclass(frozen=True)
class Fate:
    """Due `after` so many seconds of life."""

    after: float
    point: str | None = None


class Death:
    """Waits in a process for its fate."""

    def __init__(self, fate: Fate) -> None:
        self._point, self._due = fate.point, time.monotonic() + fate.after

    def pass_by(self, point: str) -> None:
        if point == self._point and time.monotonic() >= self._due:
            os._exit(FIRST_CODE + ALL_POINTS.index(point))

    def watch_code(self) -> None:
        _precede(_Line, "_await_confirm", lambda: self.pass_by(SENT))
        _follow(BrokerPublisher, "publish", lambda: self.pass_by(CONFIRMED))
        _follow(amqp.Channel, "basic_ack", lambda: self.pass_by(ACKNOWLEDGED))
        _follow(Puller, "_read", lambda: self.pass_by(READ))

    def watch_commits(self, sessions: Sessions) -> None:
        for maker in (sessions.writing, sessions.single):
            event.listen(maker, "before_commit", lambda session: self._at_commit(session, before))
            event.listen(maker, "after_commit", lambda session: self._at_commit(session, after))

    def _at_commit(self, session: Session, point: Callable[[str], str]) -> None:
        what = COMMITS.get(threading.current_thread().name)
        if what and not session.in_nested_transaction():
            self.pass_by(point(what))


def _precede(owner: type, method: str, act: Callable[[], None]) -> None:
    original = getattr(owner, method)

    @wraps(original)
    def acting_first(*given: Any, **named: Any) -> Any:
        act()
        return original(*given, **named)

    setattr(owner, method, acting_first)


def _follow(owner: type, method: str, act: Callable[[], None]) -> None:
    original = getattr(owner, method)

    @wraps(original)
    def acting_last(*given: Any, **named: Any) -> Any:
        result = original(*given, **named)
        act()
        return result

    setattr(owner, method, acting_last)
