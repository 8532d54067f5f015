"""How the planner searches: within its time, the same each time, stopped by whoever listens, led by wishes."""

import time
from dataclasses import replace

import numpy as np
import pytest
from planner_problems import cost_of, in_clusters, scattered

from membership.planning.planner.figures import figures
from membership.planning.planner.problem import Mix, Wishes
from membership.planning.planner.solving import solve


class Enough(Exception):
    """The listener has heard enough."""


def test_time_ends_the_search_and_the_best_so_far_keeps_the_bounds():
    problem = scattered(150, 8, mixes=(Mix("some", np.arange(150) % 9 == 0),))
    began = time.monotonic()
    solution = solve(problem, seconds=1)
    assert time.monotonic() - began < 4  # generous: others use this machine
    assert (solution.stopped, solution.is_proved, solution.shortfalls) == ("time", False, ())


def test_no_time_at_all_still_gives_a_division():
    problem = scattered(60, 4)
    solution = solve(problem, seconds=0)
    assert (solution.stopped, len(solution.group_of)) == ("time", 60)
    assert len(set(solution.host_of)) == 4 and max(np.bincount(solution.group_of)) <= problem.most


def test_the_listener_hears_how_far_it_is_and_may_end_it():
    heard: list[tuple[str, int, int | None]] = []

    def listen(*told) -> None:
        heard.append(told)
        if len(heard) == 3:
            raise Enough

    began = time.monotonic()
    with pytest.raises(Enough):
        solve(scattered(120, 6), seconds=30, tell=listen)
    assert time.monotonic() - began < 10
    assert len(heard) == 3 and all(step and 0 <= done <= total == 100 for step, done, total in heard)
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


def test_the_same_seed_gives_the_same_division():
    problem = scattered(30, 3, mixes=(Mix("some", np.arange(30) % 4 == 0, 2),))
    problem = replace(problem, distances=np.ceil(problem.distances / 25))  # many divisions are equally good
    first, second = (solve(problem, seconds=60, seed=5) for _ in range(2))
    assert first.stopped == "done"
    assert (first.group_of == second.group_of).all() and (first.host_of == second.host_of).all()


def test_replanning_moves_few_and_keeps_the_numbers_of_groups():
    problem = scattered(24, 3, least=7, most=8)
    before = np.array([2, 0, 1])[solve(problem, seconds=1).group_of]  # as somebody may have numbered them
    before[:2] = (before[:2] + 1) % 3
    fewest = int(np.maximum(np.bincount(before) - 8, 0).sum())  # these must go
    staying = replace(problem, previous=before, wishes=Wishes(stay=1000.0))
    solution = solve(staying, seconds=2)
    assert solution.shortfalls == () and figures(staying, solution).moved <= fewest + 1
    assert (solution.group_of != before).sum() == figures(staying, solution).moved


def test_a_zone_is_kept_whole_when_that_is_worth_more_than_the_way():
    zones = np.random.default_rng(3).integers(0, 6, 24)
    problem = scattered(24, 3, least=5, most=11, zones=zones)
    freely, whole = (solve(replace(problem, wishes=Wishes(zone=price)), seconds=3) for price in (0.0, 1000.0))
    assert figures(problem, whole).away_from_zone == 0 < figures(problem, freely).away_from_zone
    assert whole.travel_km > freely.travel_km and whole.shortfalls == ()


def test_two_are_together_or_apart_when_that_is_worth_it():
    problem = in_clusters(2, 8)
    wishes = Wishes(together=((0, 15, 500.0), (1, 14, 1.0)), apart=((2, 3, 500.0), (4, 5, 1.0)))
    group_of = solve(replace(problem, wishes=wishes), seconds=3).group_of
    assert group_of[0] == group_of[15] and group_of[2] != group_of[3]
    assert group_of[1] != group_of[14] and group_of[4] == group_of[5]


def test_the_farthest_come_nearer_when_that_is_weighed():
    problem = scattered(40, 4, seed=11)
    fair = replace(problem, wishes=Wishes(farthest=20.0, farthest_km=25.0))
    freely, fairly = solve(problem, seconds=1.5), solve(fair, seconds=1.5)
    assert _beyond(problem, fairly, 25) < _beyond(problem, freely, 25)
    assert fairly.travel_km >= freely.travel_km
    assert fairly.cost == pytest.approx(cost_of(fair, fairly))


def _beyond(problem, solution, kilometres: float) -> float:
    ways = problem.distances[np.arange(len(solution.group_of)), solution.host_of[solution.group_of]]
    return float(np.maximum(ways - kilometres, 0).sum())
