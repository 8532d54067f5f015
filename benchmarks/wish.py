"""What is wished for: how much to measure, how often, and what to say meanwhile."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wish:
    """`scale` is full or small: small shows that everything works, and proves nothing."""

    runs: int = 5
    scale: str = "full"
    profiles: bool = False
    began: float = field(default_factory=time.monotonic)

    def size(self, *, full: int, small: int) -> int:
        return full if self.scale == "full" else small

    def rounds(self, what: str) -> Iterator[int]:
        for run in range(1, self.runs + 1):
            self.say(f"{what}: run {run} of {self.runs}")
            yield run

    def say(self, what: str) -> None:
        """Progress goes to the error channel, so that the table can be kept alone."""
        print(f"[{time.monotonic() - self.began:6.1f} s] {what}", file=sys.stderr, flush=True)
