"""A division under search: who is in which group, which host a group has, and what that costs."""

from dataclasses import dataclass

import numpy as np

from .case import FREE, Case
from .problem import Array


@dataclass(frozen=True)
class Division:
    """`group_of` people and `host_of` groups."""

    group_of: Array
    host_of: Array


def cost(case: Case, division: Division) -> float:
    """With what is missing to bounds, so that less of that always wins."""
    return priced(case, division) + case.penalty * missing(case, division.group_of)


def priced(case: Case, division: Division) -> float:
    """The ways, and the price of wishes that are not met."""
    travel = case.prices[np.arange(case.people), division.host_of[division.group_of]].sum()
    return float(travel) + wishes_cost(case, division.group_of)


def wishes_cost(case: Case, group_of: Array) -> float:
    wishes = case.wishes
    away = wishes.zone * _away(case.zones, group_of, case.groups) + wishes.stay * _away(
        case.previous, group_of, case.groups
    )
    parted = sum(price for one, other, price in wishes.together if group_of[one] != group_of[other])
    joined = sum(price for one, other, price in wishes.apart if group_of[one] == group_of[other])
    return away + parted + joined


def _away(kinds: Array, group_of: Array, groups: int) -> float:
    counts = counted(kinds, group_of, groups)
    return float((counts.sum(axis=1) - counts.max(axis=1)).sum()) if counts.size else 0.0


def counted(kinds: Array, group_of: Array, groups: int) -> Array:
    """How many of each kind (row) are in each group (column)."""
    known = kinds >= 0
    counts = np.zeros((int(kinds.max(initial=FREE)) + 1, groups))
    np.add.at(counts, (kinds[known], group_of[known]), 1)
    return counts


def missing(case: Case, group_of: Array) -> float:
    sizes = sizes_of(case, group_of)
    lacking = np.maximum(case.least - sizes, 0).sum() + np.maximum(sizes - case.most, 0).sum()
    return float(lacking + sum(lacking_in(mix.members, mix.least, group_of, case.groups).sum() for mix in case.mixes))


def sizes_of(case: Case, group_of: Array) -> Array:
    return np.bincount(group_of, weights=case.weights, minlength=case.groups)


def lacking_in(members: Array, least: int, group_of: Array, groups: int) -> Array:
    return np.maximum(least - np.bincount(group_of[members], minlength=groups), 0)


@dataclass(frozen=True)
class Home:
    """`group_of`: the group where each of `kinds` (zones, previous groups) belongs; `price` of whoever is away."""

    kinds: Array
    price: float
    group_of: Array


def wished_kinds(case: Case) -> list[tuple[Array, float]]:
    """The zones and the previous groups of people, as far as being away from them costs something."""
    weighed = ((case.zones, case.wishes.zone), (case.previous, case.wishes.stay))
    return [(kinds, price) for kinds, price in weighed if price and (kinds >= 0).any()]


def homes_of(case: Case, group_of: Array) -> list[Home]:
    """Where most of each are."""
    return [
        Home(kinds, price, counted(kinds, group_of, case.groups).argmax(axis=1)) for kinds, price in wished_kinds(case)
    ]


def away_prices(case: Case, homes: list[Home]) -> Array:
    """What each person pays in each group for being away. Never less than the true price, and equal to it where most of
    each kind are at home."""
    prices = np.zeros((case.people, case.groups))
    for home in homes:
        known = np.flatnonzero(home.kinds >= 0)
        prices[known] += home.price
        prices[known, home.group_of[home.kinds[known]]] -= home.price
    return prices
