"""The proved optimum that the planner is measured against: the textbook program, by HiGHS without a start."""

import numpy as np

from membership.planning.planner.problem import Problem
from membership.planning.planner.program import Program

from .knapsacks import floors_of_seats

LONGEST = 900.0  # seconds


def proved_optimum(problem: Problem, *, worth: np.ndarray | None = None) -> float:
    """The least cost with size bounds and mixes; if it is not proved in time, what nothing can be cheaper than.

    `worth`: seats (people by hosts) that may be used; all if None. Infinite if these allow no division.
    """
    program = Program()
    people, hosts = problem.distances.shape
    opened = program.add_columns(np.zeros(hosts))
    most = 1.0 if worth is None else worth.ravel().astype(float)
    seats = program.add_columns(problem.distances, most=most).reshape(people, hosts)
    program.add_rows(people, np.repeat(np.arange(people), hosts), seats.ravel(), 1.0, 1, 1)
    program.add_rows(1, np.zeros(hosts, dtype=int), opened, 1.0, problem.groups, problem.groups)
    each = np.arange(seats.size)
    signs = np.repeat([1.0, -1.0], seats.size)
    links = np.concatenate([seats.ravel(), np.tile(opened, people)])
    program.add_rows(seats.size, np.tile(each, 2), links, signs, -np.inf, 0)
    _demand(program, seats, opened, problem.weights, problem.most, at_least=False)
    _demand(program, seats, opened, problem.weights, problem.least, at_least=True)
    for mix in problem.mixes:
        _demand(program, seats, opened, mix.members.astype(float), mix.least, at_least=True)
    answer = program.solve(LONGEST)
    return answer.cost if answer.is_proved else answer.bound


def proved_optimum_of_instance(problem: Problem, known: float) -> float:
    """The same for whole distances and demands and no least size: only seats that a division cheaper than `known`
    could use are left in, since some instances take hours with all. What is in none of these is not cheaper."""
    worth = np.ceil(floors_of_seats(problem, known) - 1e-6) < known
    return min(known, proved_optimum(problem, worth=worth))


def _demand(program: Program, seats: np.ndarray, opened: np.ndarray, weights: np.ndarray, bound: float, *, at_least):
    people, hosts = seats.shape
    rows = np.concatenate([np.tile(np.arange(hosts), people), np.arange(hosts)])
    columns = np.concatenate([seats.ravel(), opened])
    factors = np.concatenate([np.repeat(weights, hosts), np.full(hosts, -float(bound))])
    lower, upper = (0, np.inf) if at_least else (-np.inf, 0)
    program.add_rows(hosts, rows, columns, factors, lower, upper)
