"""Which seats a cheaper division of a capacitated p-median instance could still use: what shortens a proof.

The rule that each person has exactly one place is paid for by bids instead (Lagrange), and each host fills its knapsack
with whole people, by dynamic programming over its capacity. Written apart from the planner, which fills with parts of
people: neither proof rests on the other's code.
"""

import numpy as np

from membership.planning.planner.problem import Problem

Array = np.ndarray
ROUNDS, PATIENCE, SHORTER, SMALLEST_STEP = 4000, 20, 0.7, 0.003


def floors_of_seats(problem: Problem, known: float) -> Array:
    """People by hosts: what any division that uses this seat costs at least. `known`: what some division costs."""
    bids, floor = _best_bids(problem, known)
    gains = problem.distances - bids[:, None]
    worths = _filled(problem, gains)[-1][:, -1]
    in_use = np.sort(worths)[problem.groups - 1]
    displaced = np.where(worths <= in_use, worths, in_use)
    return floor + np.maximum(_with_each(problem, gains) - displaced, 0)


def _best_bids(problem: Problem, known: float) -> tuple[Array, float]:
    """Subgradient: bids rise for whom no host took, and fall for whom several took."""
    bids = np.sort(problem.distances, axis=1)[:, 5].copy()
    best, highest, step, waited = bids, -np.inf, 1.5, 0
    for _ in range(ROUNDS):
        floor, taken = _value(problem, bids)
        waited += 1
        if floor > highest + 1e-6:
            best, highest, waited = bids, floor, 0
        elif waited >= PATIENCE:
            bids, step, waited = best, step * SHORTER, 0
        slope = 1 - taken
        if not slope.any() or step < SMALLEST_STEP:
            break
        bids = bids + step * max(known - floor, 1e-3 * known) / (slope @ slope) * slope
    return best, highest


def _value(problem: Problem, bids: Array) -> tuple[float, Array]:
    """What no division is cheaper than, and how many hosts took each person."""
    gains = problem.distances - bids[:, None]
    tables = _filled(problem, gains)
    opened = np.argsort(tables[-1][:, -1], kind="stable")[: problem.groups]
    taken = np.zeros(len(bids))
    room = np.full(len(opened), tables.shape[2] - 1)
    for person in range(len(bids) - 1, -1, -1):
        is_in = tables[person + 1][opened, room] < tables[person][opened, room]
        taken[person] = is_in.sum()
        room -= is_in * int(problem.weights[person])
    return float(bids.sum() + tables[-1][opened, -1].sum()), taken


def _filled(problem: Problem, gains: Array) -> Array:
    """Person by person, hosts by room: the least sum of gains that fits, of the people before that one."""
    tables = np.zeros((len(gains) + 1, gains.shape[1], int(problem.most) + 1))
    for person, weight in enumerate(problem.weights.astype(int)):
        tables[person + 1] = _with_one(tables[person], gains[person], weight)
    return tables


def _with_one(table: Array, gains: Array, weight: int) -> Array:
    after = table.copy()
    after[:, weight:] = np.minimum(after[:, weight:], table[:, : table.shape[1] - weight] + gains[:, None])
    return after


def _with_each(problem: Problem, gains: Array) -> Array:
    """People by hosts: the least sum of gains that fits if that person is in. From the people before, and after."""
    before, after = _filled(problem, gains), np.zeros((gains.shape[1], int(problem.most) + 1))
    sums = np.empty_like(gains)
    for person in range(len(gains) - 1, -1, -1):
        weight = int(problem.weights[person])
        room = after.shape[1] - weight
        sums[person] = gains[person] + (before[person][:, :room] + after[:, :room][:, ::-1]).min(axis=1)
        after = _with_one(after, gains[person], weight)
    return sums
