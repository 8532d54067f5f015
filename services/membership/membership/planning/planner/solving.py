"""Solve: from a problem to a solution with what is missing, within a time."""

import numpy as np

from .bounds import shortfalls
from .case import Case, case_of
from .division import Division, counted, priced
from .matching import matched
from .problem import Array, Problem, Solution
from .searching import Search
from .watch import Tell, Watch, say_nothing

SHARE_OF_TIME = 0.9  # a solver looks at the clock only now and then


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0, tell: Tell = say_nothing) -> Solution:
    """The best division found within `seconds`; the same for the same seed as long as time does not end the search.

    `tell(step, done, total)` hears several times a second how far it is; what it raises ends the search.
    """
    case, watch = case_of(problem), Watch(seconds * SHARE_OF_TIME, tell)
    watch.look()
    search = Search(case, watch, seed)
    search.run()
    watch.look()
    return _solution(problem, case, search, watch)


def _solution(problem: Problem, case: Case, search: Search, watch: Watch) -> Solution:
    best = named_as_before(case, search.best)
    host_of = best.host_of % case.hosts_given
    people = np.arange(case.people)
    travel = float(np.asarray(problem.distances, dtype=float)[people, host_of[best.group_of]].sum())
    return Solution(
        group_of=best.group_of,
        host_of=host_of,
        travel_km=travel,
        cost=priced(case, best),
        shortfalls=shortfalls(problem, best.group_of),
        is_proved=search.is_proved,
        stopped="time" if search.was_cut else "done",
        seconds=watch.passed,
    )


def named_as_before(case: Case, division: Division) -> Division:
    """Groups keep the number under which most of their people were known; those with a name keep theirs anyway."""
    before = counted(np.where(case.previous < case.groups, case.previous, -1), division.group_of, case.groups)
    if not before.any():
        return division
    gains = np.zeros((case.groups, case.groups))
    gains[:, : len(before)] = before.T
    named = (case.hosts_fixed >= 0) | np.isin(np.arange(case.groups), case.fixed)
    gains[named, :] -= 2 * case.people
    gains[:, named] -= 2 * case.people
    gains[named, named] += 8 * case.people
    number_of: Array = matched(-gains)
    host_of = np.empty_like(division.host_of)
    host_of[number_of] = division.host_of
    return Division(number_of[division.group_of], host_of)
