"""Counts of this process, for `limits`, whose own storage starts a thread every few milliseconds to forget old ones."""

import threading
import time

from limits.storage import Storage

MOST = 10_000  # windows held before those that are over are dropped


class Windows(Storage):
    """How often each key was counted, and when its window ends; what is over counts no more."""

    STORAGE_SCHEME = None
    base_exceptions = ValueError

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        with self._lock:
            if len(self._counts) >= MOST:
                self._drop_ended()
            count, ends_at = self._current(key)
            self._counts[key] = (count + amount, ends_at or time.time() + expiry)
            return count + amount

    def get(self, key: str) -> int:
        return self._current(key)[0]

    def get_expiry(self, key: str) -> float:
        return self._current(key)[1] or time.time()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            held = len(self._counts)
            self._counts.clear()
            return held

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)

    def _current(self, key: str) -> tuple[int, float]:
        count, ends_at = self._counts.get(key, (0, 0.0))
        return (count, ends_at) if ends_at > time.time() else (0, 0.0)

    def _drop_ended(self) -> None:
        now = time.time()
        self._counts = {key: window for key, window in self._counts.items() if window[1] > now}
