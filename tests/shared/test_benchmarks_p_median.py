"""The optimum that the planner is measured against: what shortens its proof leaves nothing cheaper out."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.divisions import generated_instance
from benchmarks.knapsacks import floors_of_seats
from benchmarks.p_median import proved_optimum, proved_optimum_of_instance


def small(seed: int, *, people: int = 12, medians: int = 3):
    problem = generated_instance(seed, people=people, medians=medians)
    return replace(problem, most=float(np.ceil(problem.weights.sum() / medians) + 6))


@pytest.mark.parametrize("seed", range(3))
def test_no_division_that_uses_a_seat_is_cheaper_than_its_floor(seed):
    problem = small(seed)
    floors = floors_of_seats(problem, known=1.3 * proved_optimum(problem))
    assert floors.max() > proved_optimum(problem)
    for seat in np.argwhere(floors > 0)[:: 7 - seed]:
        assert proved_optimum(problem, worth=_used(problem, *seat)) >= floors[tuple(seat)] - 1e-6


def _used(problem, person: int, host: int) -> np.ndarray:
    worth = np.ones_like(problem.distances, dtype=bool)
    worth[person] = np.arange(worth.shape[1]) == host
    return worth


@pytest.mark.parametrize("more", [0, 1, 40])
def test_the_shorter_proof_finds_the_same_optimum_whatever_was_known(more):
    problem = small(4, people=30, medians=4)
    optimum = proved_optimum(problem)
    assert proved_optimum_of_instance(problem, optimum + more) == pytest.approx(optimum)
