"""Why somebody is where they are: what it would cost if they went elsewhere, and which bound forbids it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .bounds import bounds_that_cannot_hold, missed_beside
from .case import FREE, Case, case_of
from .division import wishes_cost
from .problem import Array, Problem, Shortfall, Solution


@dataclass(frozen=True)
class Change:
    """By how much travel and cost would change, hosts as they are; `breaks`: bounds missed that are kept now, or missed
    by more. `swapped_with`: who would come in return."""

    travel_km: float
    cost: float
    breaks: tuple[Shortfall, ...]
    swapped_with: int | None = None


@dataclass(frozen=True)
class Alternative:
    """One other group: to go there `alone`, and by the best `swap` of two that breaks no bound, if there is one."""

    group: int
    alone: Change
    swap: Change | None


def explain(problem: Problem, solution: Solution, person: int) -> list[Alternative]:
    """All other groups, the cheapest first."""
    asked = _Question(problem, solution, person)
    alternatives = [asked.alternative(group) for group in range(problem.groups) if group != asked.home]
    return sorted(
        alternatives, key=lambda one: (min(one.alone.cost, one.swap.cost) if one.swap else one.alone.cost, one.group)
    )


class _Question:
    def __init__(self, problem: Problem, solution: Solution, person: int) -> None:
        self._problem, self._person = problem, person
        self._case: Case = case_of(problem)
        self._group_of, self._host_of = np.asarray(solution.group_of), np.asarray(solution.host_of)
        self.home = int(self._group_of[person])
        self._wishes = wishes_cost(self._case, self._group_of)
        self._impossible = bounds_that_cannot_hold(problem)
        self._missing = _by_bound(missed_beside(self._impossible, problem, self._group_of))

    def alternative(self, group: int) -> Alternative:
        return Alternative(group, self._change(group, None), self._best_swap(group))

    def _best_swap(self, group: int) -> Change | None:
        """The cheapest first, so that bounds are looked at no oftener than needed."""
        swaps = sorted(self._swaps(group), key=lambda swap: (swap[0], swap[1]))
        changes = (self._change(group, other) for _, other in swaps)
        return next((change for change in changes if not change.breaks), None)

    def _swaps(self, group: int) -> Iterator[tuple[float, int]]:
        """Of those whom nothing holds where they are; whoever is held asks for nothing of the sort."""
        free = self._case.fixed == FREE
        for other in np.flatnonzero((self._group_of == group) & free & free[self._person]):
            yield self._costs(self._after(group, int(other)))[1], int(other)

    def _change(self, group: int, other: int | None) -> Change:
        after = self._after(group, other)
        return Change(*self._costs(after), tuple(self._breaks(after, other)), other)

    def _after(self, group: int, other: int | None) -> Array:
        after = self._group_of.copy()
        after[self._person] = group
        if other is not None:
            after[other] = self.home
        return after

    def _costs(self, after: Array) -> tuple[float, float]:
        """The change of travel and of cost."""
        moved = np.flatnonzero(after != self._group_of)
        new, old = self._host_of[after[moved]], self._host_of[self._group_of[moved]]
        distances, prices = self._problem.distances, self._case.prices
        travel = float((distances[moved, new] - distances[moved, old]).sum())
        priced = float((prices[moved, new] - prices[moved, old]).sum())
        return travel, priced + wishes_cost(self._case, after) - self._wishes

    def _breaks(self, after: Array, other: int | None) -> Iterator[Shortfall]:
        for moved in (self._person, other):
            if moved is not None and self._case.fixed[moved] >= 0:
                yield Shortfall("fixed", "", int(self._case.fixed[moved]), 1.0)
        for one in missed_beside(self._impossible, self._problem, after):
            if one.missing > self._missing.get((one.bound, one.name, one.group), 0.0) + 1e-9:
                yield one


def _by_bound(missed: tuple[Shortfall, ...]) -> dict[tuple[str, str, int | None], float]:
    return {(one.bound, one.name, one.group): one.missing for one in missed}
