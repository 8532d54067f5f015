"""Work that goes on until it is told to stop: a step is repeated, rests when idle, backs off when it fails."""

import logging
import random
import threading
from collections.abc import Callable

SHORTEST_REST, LONGEST_REST = 0.003, 0.2  # seconds
PATIENCE = 80  # rests that stay short
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0  # seconds

log = logging.getLogger(__name__)


def repeat(
    step: Callable[[], bool], stop: threading.Event, what: str, *, wake: threading.Event | None = None, every: float = 0
) -> None:
    """Call `step` until `stop`; it says whether there was anything to do. No exception ends this, all are logged.

    Rests are short after work and grow while there is none, `every` seconds at least; `wake` ends one early.
    """
    idle = failures = 0
    while not stop.is_set():
        try:
            idle = 0 if step() else idle + 1
            failures = 0
        except Exception as error:  # the loop must outlive whatever happens in a step
            failures += 1
            _complain(what, error, failures)
        if failures or wake is None:
            stop.wait(backoff(failures) if failures else max(every, _rest(idle)))
        elif wake.wait(_rest(idle)):
            wake.clear()


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row, with full jitter above a floor."""
    most = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(failures, 10))
    return random.uniform(FIRST_BACKOFF / 2, most)


def _rest(idle: int) -> float:
    """None after work; short for the quarter of a second in which more is likely; then ever longer."""
    grown = SHORTEST_REST * 2 ** min(max(0, idle - PATIENCE), 10)
    return min(LONGEST_REST, grown) if idle else 0


def _complain(what: str, error: Exception, failures: int) -> None:
    # The first failure in full; repeats of what is probably the same in one line.
    log.warning("%s: %s: %s (failure %d, will try again)", what, type(error).__name__, error, failures)
    if failures == 1:
        log.debug("in full", exc_info=error)


class Crew:
    """The threads of a process that work beside each other; stopped together, each after its current step."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def repeat(
        self, step: Callable[[], bool], what: str, *, wake: threading.Event | None = None, every: float = 0
    ) -> None:
        self.start(lambda stop: repeat(step, stop, what, wake=wake, every=every), what)

    def start(self, run: Callable[[threading.Event], None], what: str) -> None:
        thread = threading.Thread(target=run, args=(self.stop,), name=what, daemon=True)
        thread.start()
        self._threads.append(thread)

    def finish(self, within: float = 25) -> None:
        """Ask all to stop and wait for them; `within` is in seconds, for each."""
        self.stop.set()
        for thread in self._threads:
            thread.join(within)

    @property
    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)
