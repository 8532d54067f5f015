"""The proved optimum that the planner is measured against: the whole textbook program, by HiGHS without a start."""

import numpy as np

from membership.planner import Problem
from membership.planner.program import Program

LONGEST = 900.0  # seconds


def proved_optimum(problem: Problem) -> float:
    """The least cost with size bounds and mixes; if it is not proved in time, what nothing can be cheaper than."""
    program = Program()
    people, hosts = problem.distances.shape
    opened = program.add_columns(np.zeros(hosts))
    seats = program.add_columns(problem.distances).reshape(people, hosts)
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


def _demand(program: Program, seats: np.ndarray, opened: np.ndarray, weights: np.ndarray, bound: float, *, at_least):
    people, hosts = seats.shape
    rows = np.concatenate([np.tile(np.arange(hosts), people), np.arange(hosts)])
    columns = np.concatenate([seats.ravel(), opened])
    factors = np.concatenate([np.repeat(weights, hosts), np.full(hosts, -float(bound))])
    lower, upper = (0, np.inf) if at_least else (-np.inf, 0)
    program.add_rows(hosts, rows, columns, factors, lower, upper)
