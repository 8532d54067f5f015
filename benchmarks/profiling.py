"""Where the time of a process goes, thread by thread: cProfile, by the clock on the wall, so that waiting shows."""

import cProfile
import io
import pstats
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOST_LINES = 25


@contextmanager
def every_thread() -> Iterator[dict[str, cProfile.Profile]]:
    """Profiles of the threads that are started inside, by name. To be read when those have ended."""
    found: dict[str, cProfile.Profile] = {}

    def begin(*_: object) -> None:
        profile = found[threading.current_thread().name] = cProfile.Profile()
        profile.enable()  # takes the place of this very hook, in this thread

    threading.setprofile(begin)
    try:
        yield found
    finally:
        threading.setprofile(None)


def told(profiles: dict[str, cProfile.Profile]) -> str:
    """The most expensive functions of each thread, by the time spent in themselves."""
    return "\n".join(f"--- thread: {name}\n{_told(profile)}" for name, profile in profiles.items())


def _told(profile: cProfile.Profile) -> str:
    text = io.StringIO()
    pstats.Stats(profile, stream=text).strip_dirs().sort_stats("tottime").print_stats(MOST_LINES)
    return text.getvalue().strip()


@contextmanager
def this_thread(title: str) -> Iterator[None]:
    """Prints where the time inside went."""
    profile = cProfile.Profile()
    with profile:
        yield
    print(f"=== {title}\n{_told(profile)}")
