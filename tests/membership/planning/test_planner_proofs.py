"""What the planner proves: the floor under every cost, and what each seat would add to it, against all divisions."""

from dataclasses import replace

import numpy as np
import pytest
from planner_problems import anything, cost_of, every_division, least_cost, scattered

from membership.planning.planner.case import Case, case_of
from membership.planning.planner.division import cost, missing
from membership.planning.planner.problem import Wishes
from membership.planning.planner.relaxation import Relaxation, relax
from membership.planning.planner.solving import solve
from membership.planning.planner.watch import Watch, say_nothing


@pytest.mark.parametrize("seed", range(60))
def test_no_division_that_keeps_the_bounds_costs_less_than_its_dearest_seat_says(seed):
    case = case_of(anything(seed))
    found = _relaxed(case)
    for division in every_division(case):
        if not missing(case, division.group_of):
            price = cost(case, division)
            hosts = division.host_of[division.group_of]
            dearest = max(found.seats[np.arange(case.people), hosts].max(), found.extra[division.host_of].max())
            assert price >= found.floor + dearest - 1e-6


def test_a_seat_far_away_is_not_worth_a_thought():
    """Else the test above would hold of a floor that says nothing."""
    case = case_of(scattered(60, 4))
    found = _relaxed(case)
    assert found.floor > 0 and (found.seats > 0.05 * found.floor).mean() > 0.2


@pytest.mark.parametrize("seed", range(60))
def test_what_is_called_proved_is_the_best_of_all_even_where_bounds_cannot_hold(seed):
    problem = replace(anything(seed), fixed=None, hosts_fixed=None, wishes=Wishes())
    solution = solve(problem, seconds=20)
    assert solution.is_proved and cost_of(problem, solution) == pytest.approx(least_cost(problem), abs=1e-6)


def test_nothing_is_called_proved_where_groups_have_names():
    problem = scattered(12, 2, zones=np.arange(12) % 3, wishes=Wishes(zone=5.0))
    assert not solve(problem, seconds=1).is_proved


def test_a_wish_that_concerns_nobody_does_not_stand_in_the_way_of_a_proof():
    nowhere = np.full(30, -1)
    problem = scattered(30, 2, zones=nowhere, previous=nowhere, wishes=Wishes(zone=5.0, stay=5.0))
    assert solve(problem, seconds=20).is_proved


def test_a_delegation_is_proved_long_before_its_time_is_over():
    solution = solve(scattered(80, 4), seconds=60)
    assert (solution.is_proved, solution.stopped) == (True, "done")


def _relaxed(case: Case) -> Relaxation:
    return relax(case, 3 * float(case.prices.mean()) * case.people, Watch(20, say_nothing), seconds=20)
