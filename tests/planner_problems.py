"""Small problems for the planner: people on a plane, and what the best division costs when all are tried."""

from collections.abc import Iterator
from itertools import permutations, product

import numpy as np

from membership.planning.planner.case import Case, case_of
from membership.planning.planner.division import Division, cost
from membership.planning.planner.problem import Mix, Problem, Solution, Wishes


def in_clusters(groups: int, each: int, *, seed: int = 7, **more) -> Problem:
    """Clusters side by side, `each` people in one, hosts where people are; the best division is the clusters."""
    chance = np.random.default_rng(seed)
    centres = np.array([(100.0 * number, 0.0) for number in range(groups)])
    homes = np.repeat(centres, each, axis=0) + chance.normal(0, 5, (groups * each, 2))
    bounds = {"groups": groups, "least": each - 2, "most": each + 2, "weights": np.ones(len(homes))}
    return Problem(distances=on_plane(homes, homes), **{**bounds, **more})


def scattered(people: int, groups: int, *, seed: int = 7, **more) -> Problem:
    """People anywhere, hosts where people are."""
    homes = np.random.default_rng(seed).uniform(0, 100, (people, 2))
    wanted = people / groups
    bounds = {"groups": groups, "least": np.floor(wanted) - 1, "most": np.ceil(wanted) + 1, "weights": np.ones(people)}
    return Problem(distances=on_plane(homes, homes), **{**bounds, **more})


def anything(seed: int) -> Problem:
    """Tiny, with whatever may be asked for, contradictions too."""
    chance = np.random.default_rng(seed)
    people, hosts, groups = (int(chance.integers(*span)) for span in ((3, 7), (1, 5), (1, 3)))
    weights = np.ones(people) if chance.random() < 0.5 else chance.integers(1, 4, people).astype(float)
    wanted = weights.sum() / groups
    homes, places = chance.uniform(0, 50, (people, 2)), chance.uniform(0, 50, (hosts, 2))
    return Problem(
        distances=on_plane(homes, places),
        groups=groups,
        least=float(np.floor(wanted - chance.integers(-1, 3))),
        most=float(np.ceil(wanted + chance.integers(-1, 3))),
        weights=weights,
        mixes=tuple(Mix(str(name), chance.random(people) < 0.4) for name in range(int(chance.integers(0, 3)))),
        zones=chance.integers(-1, 3, people),
        previous=chance.integers(-1, 2, people),
        fixed=_perhaps(chance, np.where(chance.random(people) < 0.2, chance.integers(0, groups + 1, people), -1)),
        hosts_fixed=_perhaps(chance, tuple(int(host) for host in chance.integers(-1, hosts, groups))),
        wishes=Wishes() if chance.random() < 0.3 else _wishes(chance),
    )


def _perhaps(chance: np.random.Generator, value):
    return value if chance.random() < 0.4 else None


def _wishes(chance: np.random.Generator) -> Wishes:
    zone, stay, farthest = chance.uniform(0, 6, 3)
    return Wishes(zone, stay, farthest, 20.0, together=((0, 1, 7.0),), apart=((1, 2, 9.0),))


def on_plane(homes: np.ndarray, places: np.ndarray) -> np.ndarray:
    return np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1))


def cost_of(problem: Problem, solution: Solution) -> float:
    """With what is missing to bounds, which weighs more than any way."""
    return cost(case_of(problem), Division(np.asarray(solution.group_of), np.asarray(solution.host_of)))


def least_cost(problem: Problem) -> float:
    case = case_of(problem)
    return min(cost(case, division) for division in every_division(case))


def every_division(case: Case) -> Iterator[Division]:
    """All people in all groups at all hosts; what is fixed stays."""
    choices = [range(case.groups) if fixed < 0 else [fixed] for fixed in case.fixed]
    hosts = [
        np.array(chosen)
        for chosen in permutations(range(case.hosts), case.groups)
        if all(fixed in (-1, host) for fixed, host in zip(case.hosts_fixed, chosen, strict=True))
    ]
    for group_of in product(*choices):
        yield from (Division(np.array(group_of), chosen) for chosen in hosts)
