"""Catching up: before a subscription takes from its queue, it reads in every publisher's log what it has missed.

A new subscription gets the past so, and one restored from a backup, or whose queue was lost, the time between. The
queue is bound first, so that what is published meanwhile waits there: nothing falls between the two ways in.
"""

import logging
import threading
import time
from collections.abc import Sequence

import requests

from shared.events import Undecodable

from .pull import Puller

ASK_AGAIN_AFTER = 1  # seconds
PATIENCE = 60  # seconds
TELL_AFTER = 2  # seconds

log = logging.getLogger(__name__)


class CatchUp:
    """`run` returns when all that was in the logs has been read, or it was told to stop.

    A publisher that does not answer is waited for, a minute at most if its log has been read before: then its events
    of now go before those that may have been missed, so that one service that is down cannot hold up the others for
    ever. A log never read before is waited for without limit.
    """

    def __init__(self, pullers: Sequence[Puller], patience: float = PATIENCE) -> None:
        self._pullers, self._patience = pullers, patience
        self._reading = threading.Lock()  # two readers of one log would only be in each other's way

    def run(self, stop: threading.Event) -> None:
        give_up_at = time.monotonic() + self._patience
        for puller in self._pullers:
            while not stop.is_set() and not self._has_read_all(puller, stop, give_up_at):
                stop.wait(ASK_AGAIN_AFTER)

    def _has_read_all(self, puller: Puller, stop: threading.Event, give_up_at: float) -> bool:
        try:
            with self._reading:
                _read_on(puller, stop)
        except (requests.RequestException, Undecodable) as error:
            is_late = time.monotonic() > give_up_at and puller.place().position > 0
            log.warning("%s does not say what was missed (%s)%s", puller.publisher, error, "; going on" * is_late)
            return is_late
        return True

    def step(self) -> bool:
        """Once more, for what no queue has brought; says that there is nothing to hurry for."""
        for puller in self._pullers:
            with self._reading:
                _read_on(puller, threading.Event())
        return False


def _read_on(puller: Puller, stop: threading.Event) -> None:
    tell_at = time.monotonic() + TELL_AFTER
    while not stop.is_set() and puller.step():
        if time.monotonic() > tell_at:
            log.info("catching up with %s: position %d", puller.publisher, puller.place().position)
            tell_at = time.monotonic() + TELL_AFTER
