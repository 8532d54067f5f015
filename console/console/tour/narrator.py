"""Tells the tour in plain words, and waits for consequences with progress shown."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

WITHIN = 120  # seconds
BETWEEN = 0.2  # seconds


class NotSeen(Exception):
    """A consequence that should have come did not."""


class Narrator:
    """Numbers the steps; a consequence is told only once it was really seen."""

    def __init__(self, within: float = WITHIN) -> None:
        self.within = within
        self._steps = 0
        self._is_terminal = sys.stdout.isatty()

    def step(self, words: str) -> None:
        self._steps += 1
        print(f"\n{self._steps:2}. {words}", flush=True)

    def did(self, words: str) -> None:
        print(f"    {words}", flush=True)

    def see(self, words: str, look: Callable[[], Answer], is_there: Callable[[Answer], bool] = bool) -> Answer:
        """Look again and again until it is there. `words` may hold `{}` for what was seen. Raises `NotSeen`."""
        began = time.monotonic()
        while not is_there(answer := look()):
            self._show_progress(words, answer, time.monotonic() - began)
            if time.monotonic() - began > self.within:
                raise NotSeen(f"after {self.within:.0f} s still not: {words.format(answer)}")
            time.sleep(BETWEEN)
        self._clear_progress()
        self.did(f"-> {words.format(answer)}  ({time.monotonic() - began:.1f} s)")
        return answer

    def demand(self, holds: bool, words: str) -> None:
        """A consequence that must be there at once."""
        if not holds:
            raise NotSeen(words)
        self.did(f"-> {words}")

    def _show_progress(self, words: str, answer: object, waited: float) -> None:
        if self._is_terminal and waited > 1:
            print(f"\r    .. {words.format(answer)}, {waited:.0f} s", end="", flush=True)

    def _clear_progress(self) -> None:
        if self._is_terminal:
            print("\r\033[K", end="")
