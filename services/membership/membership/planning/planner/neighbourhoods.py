"""Parts of a division that are divided anew: which groups lie together, and which hosts they may have."""

import numpy as np

from .case import Case
from .choosing import Pool
from .division import Division
from .problem import Array


def neighbours(case: Case, division: Division, group: int, count: int) -> list[int]:
    """The group and those whose hosts are nearest to its people."""
    inside = division.group_of == group
    prices = case.prices[inside][:, division.host_of] if inside.any() else case.prices[:, division.host_of]
    ways = prices.sum(axis=0)
    ways[group] = -1
    return [int(near) for near in np.argsort(ways, kind="stable")[:count]]


def pools_of(case: Case, division: Division, groups: list[int], *, widest: int) -> list[Pool]:
    """Groups that nobody can tell apart share the hosts of their region; each other one has a region of its own.

    At most about `widest` seats, people by hosts."""
    people = int(np.isin(division.group_of, groups).sum())
    each = max(3, widest // max(1, people) // len(groups))
    named = [group for group in groups if is_named(case, group)]
    nameless = [group for group in groups if group not in named]
    parts = [*([group] for group in named), *([nameless] if nameless else [])]
    return [Pool(tuple(part), _hosts_for(case, division, part, each * len(part))) for part in parts]


def is_named(case: Case, group: int) -> bool:
    """Does it matter which group this one is?"""
    return bool(case.has_names or case.hosts_fixed[group] >= 0 or (case.fixed == group).any())


def _hosts_for(case: Case, division: Division, groups: list[int], most: int) -> Array:
    """Always those they have; then, if there are too many, those with the shortest ways for as many as fill a group."""
    if len(groups) == 1 and case.hosts_fixed[groups[0]] >= 0:
        return case.hosts_fixed[groups]
    own = division.host_of[groups]
    region = np.flatnonzero(np.isin(division.group_of[case.nearest_person], groups))
    free = np.setdiff1d(region, np.concatenate([division.host_of, case.hosts_fixed]))
    if len(free) + len(own) > most:
        inside = np.isin(division.group_of, groups)
        ways = np.sort(case.prices[np.ix_(inside, free)], axis=0)[: max(1, int(inside.sum()) // len(groups))]
        free = free[np.argsort(ways.sum(axis=0), kind="stable")[: max(0, most - len(own))]]
    return np.sort(np.concatenate([own, free]))
