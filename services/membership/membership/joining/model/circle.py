"""Circles: how close to the core of a community a member is, by what they take part in. Shown, and never a rank."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Circle(StrEnum):
    CORE = "core"
    INNER = "inner"
    OUTER = "outer"


LOOKED_BACK = timedelta(days=365)
LEAST_OFFERED = 2  # meetings: from fewer, nothing can be said
ENTERED_FROM = {Circle.CORE: 0.75, Circle.INNER: 0.40}  # the share of what was offered that they took part in
LEFT_BELOW = {Circle.CORE: 0.60, Circle.INNER: 0.25}  # lower, so that nobody goes in and out by one meeting
PROMISED = 0.25  # of a presence: they said yes, and did not come


@dataclass(frozen=True)
class Share:
    """What a community has offered somebody in a year, since they belong to it, and what they made of it."""

    offered: int = 0  # meetings held
    present: int = 0  # at these
    promised: int = 0  # these, and were not there
    published: int = 0  # practices

    @property
    def of_all(self) -> float:
        return (self.present + PROMISED * self.promised + self.published) / self.offered if self.offered else 0.0


def circle_of(now_in: Circle, share: Share, *, coordinates: bool) -> Circle:
    """Where somebody who stands in this circle stands by now."""
    if coordinates:
        return Circle.CORE
    if share.offered < LEAST_OFFERED:
        return now_in
    if share.of_all >= _threshold(Circle.CORE, now_in):
        return Circle.CORE
    return Circle.INNER if share.of_all >= _threshold(Circle.INNER, now_in) else Circle.OUTER


def _threshold(circle: Circle, now_in: Circle) -> float:
    """Of a circle that they stand in, or have passed, the lower one."""
    is_inside = now_in is circle or now_in is Circle.CORE
    return LEFT_BELOW[circle] if is_inside else ENTERED_FROM[circle]
