"""Bounds of groups: how many there should be, which bounds no division can hold, and which one does not hold."""

from collections.abc import Iterator
from math import ceil, floor

import numpy as np

from .case import case_of
from .division import lacking_in
from .problem import Array, Problem, Shortfall

TOLERANCE = 1e-9


def groups_for(people: float, least: float, most: float, wanted: float = 20) -> int:
    """The number of groups that brings them nearest to `wanted`, within the bounds if any number does."""
    nearest = max(1, round(people / wanted))
    fewest, greatest = max(1, ceil(people / most)), floor(people / least) if least > 0 else nearest
    return min(max(nearest, fewest), greatest) if fewest <= greatest else fewest if people >= least else 1


def bounds_that_cannot_hold(problem: Problem) -> tuple[Shortfall, ...]:
    """What arithmetic forbids, before any search; those of a group first come from whoever is fixed there."""
    return (*_fixed(problem), *_hosts(problem), *_sizes(problem), *_mixes(problem))


def shortfalls(problem: Problem, group_of: Array) -> tuple[Shortfall, ...]:
    """By how much this division misses the bounds; `group` is None where no division could meet them."""
    return missed_beside(bounds_that_cannot_hold(problem), problem, group_of)


def missed_beside(impossible: tuple[Shortfall, ...], problem: Problem, group_of: Array) -> tuple[Shortfall, ...]:
    """For whoever looks at many divisions of one problem: what is `impossible` is the same for all of them."""
    told = {(one.bound, one.name) for one in impossible if one.group is None}
    missed = [one for one in _missed(problem, group_of) if (one.bound, one.name) not in told]
    return (*(one for one in impossible if one.group is None), *missed)


def _missed(problem: Problem, group_of: Array) -> Iterator[Shortfall]:
    sizes = np.bincount(group_of, weights=problem.weights, minlength=problem.groups)
    yield from _each("size_least", "", problem.least - sizes)
    yield from _each("size_most", "", sizes - problem.most)
    for mix in problem.mixes:
        members = np.asarray(mix.members, dtype=bool)
        yield from _each("mix", mix.name, lacking_in(members, mix.least, group_of, problem.groups))


def _each(bound: str, name: str, missing: Array) -> Iterator[Shortfall]:
    for group in np.flatnonzero(missing > TOLERANCE):
        yield Shortfall(bound, name, int(group), float(missing[group]))


def _fixed(problem: Problem) -> Iterator[Shortfall]:
    """Groups that do not exist, and hosts that do not or are given twice."""
    case = case_of(problem)
    for asked, kept in ((problem.fixed, case.fixed), (problem.hosts_fixed, case.hosts_fixed)):
        if asked is not None and (lost := int(((np.asarray(asked) >= 0) & (kept < 0)).sum())):
            yield Shortfall("fixed", "", None, float(lost))


def _hosts(problem: Problem) -> Iterator[Shortfall]:
    if (lacking := problem.groups - np.shape(problem.distances)[1]) > 0:
        yield Shortfall("hosts", "", None, float(lacking))


def _sizes(problem: Problem) -> Iterator[Shortfall]:
    """Whoever is fixed in a group fills it; the rest of the people must fill what is left."""
    total = float(np.sum(problem.weights))
    anchored = _anchored(problem, np.asarray(problem.weights, dtype=float))
    yield from _each("size_most", "", anchored - problem.most)
    if (lacking := np.maximum(anchored, problem.least).sum() - total) > TOLERANCE:
        yield Shortfall("size_least", "", None, float(lacking))
    if (over := total - np.maximum(anchored, problem.most).sum()) > TOLERANCE:
        yield Shortfall("size_most", "", None, float(over + np.maximum(anchored - problem.most, 0).sum()))


def _mixes(problem: Problem) -> Iterator[Shortfall]:
    for mix in problem.mixes:
        members = np.asarray(mix.members, dtype=bool)
        lacking = np.maximum(_anchored(problem, members.astype(float)), mix.least).sum() - members.sum()
        if lacking > 0:
            yield Shortfall("mix", mix.name, None, float(lacking))


def _anchored(problem: Problem, weights: Array) -> Array:
    """How much is fixed in each group."""
    fixed = case_of(problem).fixed
    anchored = fixed >= 0
    return np.bincount(fixed[anchored], weights=weights[anchored], minlength=problem.groups)
