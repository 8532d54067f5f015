"""The processes of a run: each is born with a fate, and whoever has died is replaced at once."""

import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context

from .deaths import ALL_POINTS, POINTS, Fate, point_of
from .roles import begin
from .stage import Stage

BORN = get_context("forkserver")  # a process costs milliseconds: what is slow to import was imported before
BORN.set_forkserver_preload(["shared.running.command"])
LATE = 3  # a point not reached by so many times the time that was due: killed from outside
LIVES = {"writer": 1.5, "subscriber": 1.2}  # how long, against others
AT_A_POINT = 0.7  # of all deaths, as far as points are reached
ENDS_WITHIN = 30  # seconds

KILLED = "killed from outside"


def is_unwanted(cause: str) -> bool:
    """Nobody wished it: the process has ended by itself, or would not end."""
    return cause != KILLED and cause not in ALL_POINTS


class Member:
    """One process. Its time begins when it begins to work."""

    def __init__(self, kind: str, stage: Stage, fate: Fate, seed: int) -> None:
        self.kind, self._fate, self._began_at = kind, fate, None
        self._ear, mouth = BORN.Pipe(duplex=False)
        self.process = BORN.Process(target=begin, args=(kind, stage, fate, seed, mouth), daemon=True)
        self.process.start()
        mouth.close()

    def has_begun(self) -> bool:
        if self._began_at is None and self._ear.poll():
            self._began_at = time.monotonic()
        return self._began_at is not None

    def is_overdue(self) -> bool:
        allowance = self._fate.after * (LATE if self._fate.point else 1)
        return self.has_begun() and time.monotonic() - self._began_at > allowance

    def close(self) -> None:
        self.process.close()
        self._ear.close()

    def signal(self, number: int) -> None:
        """Nothing happens if it has ended."""
        with suppress(ProcessLookupError, ValueError):
            os.kill(self.process.pid, number)

    def cause_of_death(self) -> str:
        code = self.process.exitcode
        return KILLED if code == -signal.SIGKILL else point_of(code) or f"ended by itself ({code})"


class Troupe:
    """`life` is how many seconds a process lives on average; with `points`, they die at these alone."""

    def __init__(
        self,
        stage: Stage,
        cast: Mapping[str, int],
        rng: random.Random,
        life: float,
        points: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._stage, self._cast, self._random, self._life = stage, cast, rng, life
        self._points, self._at_a_point = (points, 1) if points else (POINTS[stage.way], AT_A_POINT)
        self._given: dict[str, Counter[str]] = defaultdict(Counter)
        self.deaths: Counter[tuple[str, str]] = Counter()
        self.members = [self._bear(kind) for kind, number in cast.items() for _ in range(number)]

    def _bear(self, kind: str) -> Member:
        return Member(kind, self._stage, self._fate(kind), self._random.randrange(2**32))

    def _fate(self, kind: str) -> Fate:
        points = self._points.get(kind, ())
        if not self._life or not points:
            return Fate(float("inf"))
        after = self._life * LIVES.get(kind, 1) * self._random.uniform(0.3, 1.4)
        return Fate(after, self._next_point(kind) if self._random.random() < self._at_a_point else None)

    def _next_point(self, kind: str) -> str:
        """The one at which the fewest were to die until now."""
        given = self._given[kind]
        point = min(self._points[kind], key=lambda point: (given[point], self._random.random()))
        given[point] += 1
        return point

    def has_begun(self) -> bool:
        return all(member.has_begun() for member in self.members)

    def look_after(self) -> None:
        """Called often: who is overdue is killed, who has died is replaced."""
        for place, member in enumerate(self.members):
            if member.process.exitcode is not None:
                self._bury(member)
                self.members[place] = self._bear(member.kind)
            elif member.is_overdue():
                member.signal(signal.SIGKILL)

    def _bury(self, member: Member) -> None:
        self.deaths[member.kind, member.cause_of_death()] += 1
        member.close()

    def kills(self) -> int:
        return sum(number for (_, cause), number in self.deaths.items() if not is_unwanted(cause))

    def deaths_by_kind(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {kind: {} for kind in self._cast}
        for (kind, cause), number in sorted(self.deaths.items()):
            found[kind][cause] = number
        return found

    def live_on(self) -> None:
        """The last blow: writers stop, all others die at once; those who replace them live as long as needed."""
        writers = [member for member in self.members if member.kind == "writer"]
        others = [member for member in self.members if member.kind != "writer"]
        self._end(writers, signal.SIGTERM)
        self._end(others, signal.SIGKILL)
        self._life, self._stage = 0, replace(self._stage, told_again=0)
        self.members = [self._bear(member.kind) for member in others]

    def stop(self) -> None:
        self._end(self.members, signal.SIGTERM)
        self.members = []

    def _end(self, members: list[Member], number: int) -> None:
        for member in members:
            member.signal(signal.SIGCONT)  # or one that was stopped would never end
            member.signal(number)
        for member in members:
            self._see_out(member)

    def _see_out(self, member: Member) -> None:
        member.process.join(ENDS_WITHIN)
        if member.process.exitcode is None:
            self.deaths[member.kind, f"did not end within {ENDS_WITHIN} s"] += 1
            member.signal(signal.SIGKILL)
            member.process.join()
        elif member.process.exitcode not in (0, -signal.SIGTERM):  # too young to have heard of SIGTERM
            self.deaths[member.kind, member.cause_of_death()] += 1
        member.close()
