"""Figures of the planner: how near to the proved optimum, beside k-means-constrained, and how long for a country."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import numpy as np

from membership.planning.planner.case import case_of
from membership.planning.planner.hosts import best_hosts, shares_of
from membership.planning.planner.problem import Problem
from membership.planning.planner.solving import solve
from shared.testing.servers import NotToBeHad

from .arena import Arena
from .beside_peers import ENVIRONMENT
from .divisions import generated_instance, main_schools, mixes_of_real, real_delegation
from .figures import Figure, Goal, Series
from .p_median import proved_optimum, proved_optimum_of_instance
from .wish import Wish

SECONDS, SECONDS_OF_AN_INSTANCE = 10, 19
KILOMETRES_OF_A_DEGREE = 111.195
WITHOUT, WITH = "planner: travel", "planner: travel, cycles and genders in each"


def measure(place: Arena, wish: Wish) -> list[Figure]:
    return [*_real(wish), *_instances(wish), _country(place, wish)]


def _real(wish: Wish) -> list[Figure]:
    every, groups = wish.size(full=1, small=4), wish.size(full=12, small=3)
    plain = real_delegation(groups, every=every)
    mixed = replace(plain, mixes=mixes_of_real(every=every))
    peer = Series(tuple(_constrained_k_means(plain, main_schools()[0][::every], seed) for seed in range(wish.runs)))
    seconds: list[float] = []
    figures = []
    for name, problem, goal in ((WITHOUT, plain, Goal(most=1.01)), (WITH, mixed, Goal(most=1.02))):
        wish.say(f"{name}: proving the optimum (minutes)")
        optimum = Series((proved_optimum(problem),) * wish.runs)
        ours = Series(tuple(_travel(problem, seed, seconds) for seed in range(wish.runs)))
        figures.append(Figure(name, "km", ours, optimum, "proved optimum (HiGHS)", goal))
        if problem is plain:
            figures.append(Figure(name, "km", ours, peer, "k-means-constrained", Goal(most=0.9999)))
    return [*figures, Figure("planner: time for one Delegation", "s", Series(tuple(seconds)), goal=Goal(most=10))]


def _travel(problem: Problem, seed: int, seconds: list[float], limit: float = SECONDS) -> float:
    began = time.perf_counter()
    solution = solve(problem, seconds=limit, seed=seed)
    seconds.append(time.perf_counter() - began)
    return np.inf if solution.shortfalls else solution.travel_km


def _constrained_k_means(problem: Problem, places: np.ndarray, seed: int) -> float:
    """The travel of its groups, each with its best host afterwards."""
    python = ENVIRONMENT / "python"
    north, east = places.T
    points = KILOMETRES_OF_A_DEGREE * np.column_stack([north, east * np.cos(np.radians(north.mean()))])
    bounds = {"groups": problem.groups, "least": problem.least, "most": problem.most, "seed": seed}
    asked = json.dumps({"points": points.tolist(), **bounds})
    command = [python, "-m", "benchmarks.peers.constrained_k_means"]
    try:
        answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as missing:
        raise NotToBeHad(f"k-means-constrained does not run in {python}: `make bench` installs it") from missing
    group_of, case = np.array(json.loads(answer)), case_of(problem)
    hosts = best_hosts(case, shares_of(case, group_of))
    return float(problem.distances[np.arange(case.people), hosts[group_of]].sum())


def _instances(wish: Wish) -> list[Figure]:
    """One value for each instance, not for each run."""
    count, make = wish.size(full=10, small=2), generated_instance
    if wish.scale == "small":
        make = partial(generated_instance, people=40, medians=4)
    problems, seconds = [make(seed) for seed in range(count)], []
    ours = [_travel(problem, 0, seconds, SECONDS_OF_AN_INSTANCE) for problem in problems]
    wish.say("planner: proving the optimum of p-median instances (minutes)")
    optima = [proved_optimum_of_instance(*each) for each in zip(problems, ours, strict=True)]
    worst = max(range(count), key=lambda place: ours[place] / optima[place])
    against, name = "proved optimum (HiGHS)", "planner: capacitated p-median"
    all_of_them = Figure(f"{name}, median", "", Series(tuple(ours)), Series(tuple(optima)), against, Goal(most=1.01))
    one = (Series((ours[worst],)), Series((optima[worst],)))
    slowest = Figure(f"{name}, slowest", "s", Series((max(seconds),)), goal=Goal(most=20))
    return [all_of_them, Figure(f"{name}, worst", "", *one, against, Goal(most=1.03)), slowest]


def _country(place: Arena, wish: Wish) -> Figure:
    """By the service's own jobs, one plan after the other, as `halqa plan --all` asks for them."""
    people, delegations = wish.size(full=12_000, small=600), wish.size(full=83, small=6)
    seconds = []
    for run in range(1, wish.runs + 1):
        url = place.new_service_database("membership")
        command = [sys.executable, "-m", "benchmarks.planning", url, str(people), str(delegations)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        seconds.append(told["seconds"])
        place.drop(url)
        wish.say(f"planner: {told}, {run} of {wish.runs}")
    return Figure(f"planner: {delegations} Delegations, one round", "s", Series(tuple(seconds)), goal=Goal(most=180))
