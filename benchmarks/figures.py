"""What was measured, as numbers: a series per side, their ratio in pairs, and whether a goal is reached."""

from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True)
class Series:
    """One value per run, in the order of the runs."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)


def ratio(ours: Series, baseline: Series) -> Series:
    """Run by run: both sides of a pair were measured one right after the other, so what slowed one slowed both."""
    return Series(tuple(mine / theirs for mine, theirs in zip(ours.values, baseline.values, strict=True)))


@dataclass(frozen=True)
class Goal:
    """At least, or at most, so much."""

    least: float | None = None
    most: float | None = None

    def is_reached_by(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        return f">= {self.least:g}" if self.most is None else f"<= {self.most:g}"


@dataclass(frozen=True)
class Figure:
    """One line of the table. What has a baseline is judged by the ratio, what has none by itself; without a goal
    it is told for information."""

    name: str
    unit: str
    ours: Series
    baseline: Series | None = None
    against: str = ""
    goal: Goal | None = None

    @property
    def ratio(self) -> Series | None:
        return ratio(self.ours, self.baseline) if self.baseline else None

    @property
    def judged(self) -> Series:
        return self.ratio or self.ours

    @property
    def is_reached(self) -> bool | None:
        return self.goal.is_reached_by(self.judged.median) if self.goal else None


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of all does not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
