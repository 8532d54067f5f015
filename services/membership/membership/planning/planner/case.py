"""A problem made ready for the search: bounds that can hold, a price for each person at each host, no contradiction."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, floor

import numpy as np

from .problem import Array, Mix, Problem, Wishes

FREE = -1


@dataclass(frozen=True)
class Case:
    """`prices`: kilometres with what is too far weighed, for each person at each host. There are no fewer hosts
    than groups.

    `least` and `most` are those asked for, moved apart only as far as no division could do better. `fixed` and
    `hosts_fixed` hold only what exists and does not contradict itself.
    """

    prices: Array
    groups: int
    least: float
    most: float
    weights: Array
    mixes: tuple[Mix, ...]
    zones: Array
    previous: Array
    fixed: Array
    hosts_fixed: Array
    wishes: Wishes
    hosts_given: int

    @property
    def people(self) -> int:
        return len(self.prices)

    @property
    def hosts(self) -> int:
        return self.prices.shape[1]

    @cached_property
    def is_even(self) -> bool:
        """Everybody counts as one, so that a division among given hosts is a flow, whole by itself."""
        return bool((self.weights == 1).all())

    @cached_property
    def has_names(self) -> bool:
        """Which group is which matters to the price: somebody is wanted with others, not only near."""
        wishes = self.wishes
        return bool(wishes.zone or wishes.stay or wishes.together or wishes.apart)

    @cached_property
    def penalty(self) -> float:
        """For one that is missing to a bound: more than any chain of moves through all groups could save."""
        wishes = self.wishes
        pairs = sum(price for _, _, price in (*wishes.together, *wishes.apart))
        return 10 + 2 * self.groups * (float(self.prices.max(initial=0)) + wishes.zone + wishes.stay) + pairs

    @cached_property
    def nearest_person(self) -> Array:
        """Of each host: a host lies in the region of whoever is nearest to it."""
        return self.prices.argmin(axis=0)


def case_of(problem: Problem) -> Case:
    least, most = _bounds(problem)
    distances, wishes = np.asarray(problem.distances, dtype=float), _concerning_somebody(problem)
    prices = distances + wishes.farthest * np.maximum(distances - wishes.farthest_km, 0)
    copies = max(1, ceil(problem.groups / max(1, distances.shape[1])))  # fewer hosts than groups: some host twice
    return Case(
        prices=np.tile(prices, (1, copies)),
        groups=problem.groups,
        least=least,
        most=most,
        weights=np.asarray(problem.weights, dtype=float),
        mixes=tuple(replace(mix, members=np.asarray(mix.members, dtype=bool)) for mix in problem.mixes),
        zones=_numbers(problem.zones, len(prices)),
        previous=_numbers(problem.previous, len(prices)),
        fixed=_existing(_numbers(problem.fixed, len(prices)), problem.groups),
        hosts_fixed=_without_repeats(_existing(_numbers(problem.hosts_fixed, problem.groups), distances.shape[1])),
        wishes=wishes,
        hosts_given=distances.shape[1],
    )


def _bounds(problem: Problem) -> tuple[float, float]:
    """Where there are too few or too many for all groups, nothing misses less than equal groups do."""
    total, groups = float(np.sum(problem.weights)), problem.groups
    least, most = problem.least, problem.most
    if np.all(np.asarray(problem.weights) == 1):
        least, most = ceil(least), floor(most)
    if total < groups * least or total > groups * most:
        return floor(total / groups), ceil(total / groups)
    return least, most


def _concerning_somebody(problem: Problem) -> Wishes:
    """Where no zone is known, or no previous group, groups need no names for it."""
    known = [kinds is not None and np.max(kinds, initial=FREE) > FREE for kinds in (problem.zones, problem.previous)]
    return replace(problem.wishes, zone=problem.wishes.zone * known[0], stay=problem.wishes.stay * known[1])


def _numbers(values: Array | tuple[int, ...] | None, count: int) -> Array:
    return np.full(count, FREE) if values is None else np.asarray(values, dtype=int)


def _existing(places: Array, count: int) -> Array:
    return np.where((places >= 0) & (places < count), places, FREE)


def _without_repeats(hosts: Array) -> Array:
    """The first group keeps a host that is fixed for two."""
    _, firsts = np.unique(hosts, return_index=True)
    return np.where(np.isin(np.arange(len(hosts)), firsts), hosts, FREE)
