"""Processes that record events in the belfry, as its web role would: each in a transaction of its own."""

import time
from collections.abc import Iterator
from itertools import cycle, islice

from . import bells
from .arena import opened
from .players import Cue

KEYS = 500


def write_fast(cue: Cue, database_url: str, events: int) -> None:
    """So many rings, one after the other, as fast as they can be committed."""
    with opened(database_url) as engine:
        sessions = bells.open_belfry(engine)
        hung = bells.hang_bells(sessions, KEYS)
        cue.ready()
        for bell_id in islice(cycle(hung), events):
            bells.ring_bells(sessions, [bell_id])
        cue.tell(time.time())


def write_steadily(cue: Cue, database_url: str, events: int, per_second: float) -> None:
    """Each ring is of a new bell: its row is never changed again and so keeps the moment of its commit."""
    with opened(database_url) as engine:
        sessions = bells.open_belfry(engine)
        cue.ready()
        for _ in _beats(events, per_second):
            with sessions.transaction() as session:
                bell = bells.Bell.hang()
                bell.ring()
                session.add(bell)
        cue.tell(time.time())


def _beats(count: int, per_second: float) -> Iterator[int]:
    """At fixed moments, however long the last one took."""
    began = time.monotonic()
    for beat in range(count):
        time.sleep(max(0.0, began + beat / per_second - time.monotonic()))
        yield beat
