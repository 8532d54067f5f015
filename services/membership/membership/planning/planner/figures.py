"""What a solution looks like in numbers: sizes, mixes, travel, and who is far."""

from dataclasses import dataclass

import numpy as np

from .case import case_of
from .division import Division, counted, priced
from .problem import Array, Problem, Solution


@dataclass(frozen=True)
class GroupFigures:
    """`size` is the sum of weights; `mixes` how many of each mix, in the order of the problem's."""

    group: int
    host: int
    people: int
    size: float
    mixes: tuple[tuple[str, int], ...]
    travel_km: float
    median_km: float
    worst_km: float


@dataclass(frozen=True)
class Figures:
    """`far`: who travels beyond `farthest_km`, the farthest first, with kilometres. `away_from_zone` and `moved`: how
    many are not where most of their zone, or of their previous group, is."""

    groups: tuple[GroupFigures, ...]
    travel_km: float
    median_km: float
    worst_km: float
    far: tuple[tuple[int, float], ...]
    away_from_zone: int
    moved: int


def figures(problem: Problem, solution: Solution) -> Figures:
    travels = _travels(problem, solution)
    case = case_of(problem)
    far = np.flatnonzero(travels > problem.wishes.farthest_km)
    return Figures(
        groups=tuple(_group_figures(problem, solution, travels, group) for group in range(problem.groups)),
        travel_km=float(travels.sum()),
        median_km=_median(travels),
        worst_km=float(travels.max(initial=0)),
        far=tuple((int(person), float(travels[person])) for person in far[np.argsort(-travels[far], kind="stable")]),
        away_from_zone=_away(case.zones, solution.group_of, problem.groups),
        moved=_away(case.previous, solution.group_of, problem.groups),
    )


def price_of(problem: Problem, group_of: Array, host_of: Array) -> float:
    """What a division costs that was perhaps changed by hand: travel, and the price of wishes that are not met."""
    return priced(case_of(problem), Division(np.asarray(group_of), np.asarray(host_of)))


def _travels(problem: Problem, solution: Solution) -> Array:
    hosts = np.asarray(solution.host_of)[solution.group_of]
    return np.asarray(problem.distances, dtype=float)[np.arange(len(hosts)), hosts]


def _group_figures(problem: Problem, solution: Solution, travels: Array, group: int) -> GroupFigures:
    inside = np.asarray(solution.group_of) == group
    return GroupFigures(
        group=group,
        host=int(solution.host_of[group]),
        people=int(inside.sum()),
        size=float(np.asarray(problem.weights)[inside].sum()),
        mixes=tuple((mix.name, int(np.asarray(mix.members, dtype=bool)[inside].sum())) for mix in problem.mixes),
        travel_km=float(travels[inside].sum()),
        median_km=_median(travels[inside]),
        worst_km=float(travels[inside].max(initial=0)),
    )


def _median(travels: Array) -> float:
    return float(np.median(travels)) if len(travels) else 0.0


def _away(kinds: Array, group_of: Array, groups: int) -> int:
    counts = counted(kinds, np.asarray(group_of), groups)
    return int(counts.sum() - counts.max(axis=1).sum()) if counts.size else 0
