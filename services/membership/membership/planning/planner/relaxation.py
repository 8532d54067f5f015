"""The price of the best division from below: each person bids for a place, and hosts take the best bids (Lagrange).

The rule that each person has exactly one place is given up and paid for instead. What is left falls apart into hosts:
each takes the best bids within the bounds of size, and the best hosts are opened. Prices follow who was taken too often
or not at all (subgradient). The hosts opened on the way are good starts; the value never exceeds the best cost.
"""

from dataclasses import dataclass

import numpy as np

from .case import Case
from .problem import Array
from .watch import Watch

STEP, SHORTER, PATIENCE = 1.5, 0.7, 12
SMALLEST_STEP = 0.01


@dataclass(frozen=True)
class Relaxation:
    """`floor`: nothing costs less. `extra`: by how much the floor rises if that host is used; `seats`: if that person
    (row) sits at that host. `openings`: sets of hosts that were opened on the way, those of the highest floor first,
    then the last ones."""

    floor: float
    extra: Array
    seats: Array
    openings: tuple[tuple[int, ...], ...]


def relax(case: Case, aim: float, watch: Watch, *, seconds: float, rounds: int = 400) -> Relaxation:
    """`aim`: the cost of some division, towards which prices are raised."""
    bids = np.sort(case.prices, axis=1)[:, min(5, case.hosts - 1)].copy()
    best, extra, highest_bids = -np.inf, np.zeros(case.hosts), bids
    highest: tuple[int, ...] = ()
    openings: dict[tuple[int, ...], None] = {}
    step, waited, ends = STEP, 0, watch.passed + seconds
    for _ in range(rounds):
        if watch.look() or watch.passed > ends or step < SMALLEST_STEP:
            break
        values, opened, taken = _hosts_take(case, bids)
        floor = float(bids.sum() + values[opened].sum())
        openings.pop(key := tuple(sorted(opened)), None)
        openings[key] = None
        waited += 1
        if floor > best + 1e-9:
            best, waited, extra, highest = floor, 0, np.maximum(values - values[opened].max(), 0), key
            highest_bids = bids.copy()
        elif waited >= PATIENCE:
            step, waited = step * SHORTER, 0
        slope = 1 - taken
        if not slope.any():
            break
        bids += step * max(aim - floor, 1e-3 * abs(aim)) / (slope @ slope) * slope
    seats = extra + _extra_of_seats(case, highest_bids)
    return Relaxation(best, extra, seats, tuple(opening for opening in (highest, *reversed(openings)) if opening))


@dataclass(frozen=True)
class _Takings:
    """What each host (column) takes of those who bid, best bids first: who that is, what a unit of weight gains, how
    much of it is taken, and how much there is."""

    people: Array
    gains: Array
    amounts: Array
    weights: Array


def _takings(case: Case, bids: Array) -> _Takings:
    gains = (case.prices - bids[:, None]) / np.maximum(case.weights, 1e-9)[:, None]
    order = np.argsort(gains, axis=0)
    gains, weights = np.take_along_axis(gains, order, axis=0), case.weights[order]
    before = np.cumsum(weights, axis=0) - weights
    amounts = np.clip(np.where(gains < 0, case.most, case.least) - before, 0, weights)
    return _Takings(order, gains, amounts, weights)


def _hosts_take(case: Case, bids: Array) -> tuple[Array, Array, Array]:
    """The value of each host, which are opened, and how much of each person these took."""
    takings = _takings(case, bids)
    values = (takings.amounts * takings.gains).sum(axis=0)
    opened = _opened(case, values)
    taken = np.zeros(case.people)
    for host in opened:
        taken[takings.people[:, host]] += takings.amounts[:, host] / np.maximum(takings.weights[:, host], 1e-9)
    return values, opened, taken


def _extra_of_seats(case: Case, bids: Array) -> Array:
    """Whoever a host does not take anyway displaces the last one that it takes, if it is full or takes too few."""
    takings = _takings(case, bids)
    last = np.where(takings.amounts > 0, takings.gains, -np.inf).max(axis=0)
    is_bound = (last > 0) | (takings.amounts.sum(axis=0) >= case.most)
    extra = takings.weights * np.maximum(takings.gains - np.where(is_bound, last, 0), 0)
    of_people = np.empty_like(extra)
    np.put_along_axis(of_people, takings.people, extra, axis=0)
    return of_people


def _opened(case: Case, values: Array) -> Array:
    """Those that must be, then the best."""
    ranks = values.copy()
    ranks[case.hosts_fixed[case.hosts_fixed >= 0]] = -np.inf
    return np.argsort(ranks, kind="stable")[: case.groups]
