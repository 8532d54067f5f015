"""One run: processes work and die for some time, then all is healed, and what has arrived is counted."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.testing.waiting import eventually

from .count import Verdict
from .deaths import POINTS
from .servers import Server
from .setting import Place, Scenery, scenery
from .stage import Way, tally
from .trouble import Trouble
from .troupe import Troupe, is_unwanted

CAST = {"writer": 3, "publisher": 2, "feed": 1, "subscriber": 2}
LOOK_AFTER = 0.02  # seconds
STARTS_WITHIN = 60  # seconds
AT_MOST = 3  # times as long as planned, until there were as many kills as planned


@dataclass(frozen=True)
class Plan:
    """`kills` is how many there must be at least; with `points`, processes die at these alone."""

    way: Way
    seconds: float
    kills: int
    seed: int
    trouble_every: float = 1.0  # seconds; 0 leaves servers and lines alone
    patience: float = 60  # seconds without any progress, until what is missing is called lost
    told_again: float = 0.1  # how often events are told twice on purpose, of all times
    cast: Mapping[str, int] = field(default_factory=lambda: CAST)
    sabotage: str = ""
    points: Mapping[str, tuple[str, ...]] | None = None

    @property
    def on_stage(self) -> dict[str, int]:
        """How many processes of each kind there are."""
        return {kind: number for kind, number in self.cast.items() if kind in POINTS[self.way]}

    @property
    def life(self) -> float:
        """How long processes live on average, so that there are about as many deaths."""
        mortal = self.points or POINTS[self.way]
        processes = sum(number for kind, number in self.on_stage.items() if kind in mortal)
        return processes * self.seconds / self.kills / 1.5 if self.kills else 0


@dataclass(frozen=True)
class Report:
    """What happened in a run, and what came of it."""

    plan: Plan
    verdict: Verdict
    seconds: float
    drained_in: float
    waiting: Mapping[str, int]  # events still on their way when patience ended, and where
    deaths: Mapping[str, Mapping[str, int]]
    faults: Mapping[str, int]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        return sum(n for causes in self.deaths.values() for cause, n in causes.items() if not is_unwanted(cause))

    @property
    def unwanted(self) -> int:
        return sum(n for causes in self.deaths.values() for cause, n in causes.items() if is_unwanted(cause))

    @property
    def never_died(self) -> list[str]:
        """Points at which nobody has died."""
        return [f"{kind}: {p}" for kind, ps in POINTS[self.plan.way].items() for p in ps if p not in self.deaths[kind]]

    @property
    def is_clean(self) -> bool:
        return self.verdict.is_clean and not self.waiting and not self.unwanted


def take_place(plan: Plan, place: Place, servers: Mapping[str, Server] = {}) -> Report:
    with scenery(plan.way, place, sabotage=plan.sabotage, told_again=plan.told_again) as here:
        rng = random.Random(plan.seed)
        troupe = Troupe(here.stage, plan.on_stage, rng, plan.life, plan.points)
        try:
            return _Run(plan, here, troupe, servers, rng).report()
        finally:
            troupe.stop()


class _Run:
    def __init__(
        self, plan: Plan, here: Scenery, troupe: Troupe, servers: Mapping[str, Server], rng: random.Random
    ) -> None:
        self._plan, self._here, self._troupe = plan, here, troupe
        self._trouble = Trouble(random.Random(rng.random()), plan.trouble_every)
        if plan.trouble_every:
            self._trouble.with_lines(here.lines)
            self._trouble.with_servers(servers)
            self._trouble.with_processes(troupe, here.lines)
            if plan.way is Way.PUSH:  # where the feed brings back what was in it
                self._trouble.with_queues(here.queues)

    def report(self) -> Report:
        eventually(self._troupe.has_begun, within=STARTS_WITHIN, what="all processes work")
        began = time.monotonic()
        self._rage()
        healed = time.monotonic()
        self._drain()
        drained = time.monotonic()
        self._troupe.stop()
        return Report(
            plan=self._plan,
            verdict=self._here.books.verdict(),
            seconds=healed - began,
            drained_in=drained - healed,
            waiting=self._waiting(),
            deaths=self._troupe.deaths_by_kind(),
            faults=dict(self._trouble.met),
            counts=self._counts(),
        )

    def _rage(self) -> None:
        self._trouble.start()
        until = time.monotonic() + self._plan.seconds
        while time.monotonic() < until or self._too_few_kills(until):
            self._troupe.look_after()
            time.sleep(LOOK_AFTER)
        self._trouble.end()
        self._troupe.live_on()

    def _too_few_kills(self, until: float) -> bool:
        latest = until + (AT_MOST - 1) * self._plan.seconds
        return self._troupe.kills() < self._plan.kills and time.monotonic() < latest

    def _drain(self) -> None:
        """Until everything has come to rest; what is still missing when nothing has moved for so long is lost."""
        progress, rest = _Stillness(), _Stillness()
        while True:
            missing, waiting = self._here.books.missing(), self._waiting()
            still_for = progress.of(missing, waiting)
            at_rest_for = rest.of(missing, waiting, len(tally(self._here.stage).read()))
            if still_for > self._plan.patience or (at_rest_for > 1 and not waiting and missing <= 0):
                return
            self._troupe.look_after()
            time.sleep(0.1)

    def _waiting(self) -> dict[str, int]:
        queues = self._here.queues
        in_queues = queues.waiting() if queues else 0
        return self._here.books.waiting(publishes=bool(queues)) | ({"in the queue": in_queues} if in_queues else {})

    def _counts(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for *words, number in tally(self._here.stage).read():
            counts[" ".join(words)] += int(number)
        return dict(counts)


class _Stillness:
    """For how many seconds the same was seen."""

    def __init__(self) -> None:
        self._since, self._seen = time.monotonic(), None

    def of(self, *seen: object) -> float:
        if seen != self._seen:
            self._since, self._seen = time.monotonic(), seen
        return time.monotonic() - self._since
