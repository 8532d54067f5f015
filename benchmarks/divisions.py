"""What the planner is measured on: a real Délégation, capacitated p-median instances, and a whole country of people."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from membership.planning.planner.distances import great_circle
from membership.planning.planner.problem import Mix, Problem

REAL = Path(__file__).parents[2] / "shared" / "data"
LEAST, MOST = 16, 24
COUNTRY, DELEGATIONS = 12_000, 83
SPREAD = 0.25  # degrees round the centre of a province
CYCLES = ("primaire", "collegial", "qualifiant")


def main_schools() -> tuple[np.ndarray, tuple[str, ...]]:
    """Places (latitude, longitude) and cycles of the schools that have a principal: those that are their own main
    school, or that name one which is not in the file."""
    with (REAL / "taounate_etablissements.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    codes = {row["cd_etab"].upper() for row in rows}
    mains = [row for row in rows if _is_main(row["cd_etab"].upper(), row["cd_etab_rattachement"].upper(), codes)]
    return np.array([(float(row["lat"]), float(row["lon"])) for row in mains]), tuple(row["cycle"] for row in mains)


def _is_main(code: str, main: str, codes: set[str]) -> bool:
    return main in (code, "") or main not in codes


def real_delegation(groups: int, *, every: int = 1) -> Problem:
    """Of all its main schools, or of every so many."""
    places = main_schools()[0][::every]
    ways = great_circle(places, places)
    return Problem(distances=ways, groups=groups, least=LEAST, most=MOST, weights=np.ones(len(ways)))


def mixes_of_real(*, every: int = 1, seed: int = 1) -> tuple[Mix, ...]:
    """The real cycles; genders are made up, one woman in four."""
    cycles = np.array(main_schools()[1][::every])
    women = np.random.default_rng(seed).random(len(cycles)) < 0.25
    return (*(Mix(cycle, cycles == cycle) for cycle in CYCLES), Mix("women", women), Mix("men", ~women))


def generated_instance(seed: int, *, people: int = 100, medians: int = 10, capacity: float = 120) -> Problem:
    """Of OR-Library's shape: points in [0, 100]^2, demands 1 to 20, distances rounded down."""
    chance = np.random.default_rng(seed)
    points, demands = chance.integers(0, 101, (people, 2)), chance.integers(1, 21, people)
    return _p_median(points, demands, medians, capacity)


def read_pmedcap(file: Path) -> list[tuple[Problem, float]]:
    """The instances of OR-Library's pmedcap files, with the best value that the file names.

    How many; then for each: number and best value; points, medians, capacity; then lines: number, x, y, demand.
    """
    words = iter(file.read_text().split())
    return [_instance(words) for _ in range(int(next(words)))]


def _instance(words) -> tuple[Problem, float]:
    _, best, people, medians, capacity = (float(next(words)) for _ in range(5))
    lines = np.array([[float(next(words)) for _ in range(4)] for _ in range(int(people))])
    return _p_median(lines[:, 1:3], lines[:, 3], int(medians), capacity), best


def _p_median(points: np.ndarray, demands: np.ndarray, medians: int, capacity: float) -> Problem:
    ways = np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    return Problem(distances=ways, groups=medians, least=0, most=capacity, weights=demands.astype(float))


@dataclass(frozen=True)
class Inhabitants:
    """Principals of one Delegation, each at a school of their own: `homes` (latitude, longitude), `cycles`, women."""

    homes: np.ndarray
    cycles: tuple[str, ...]
    women: np.ndarray


def country(*, people: int = COUNTRY, delegations: int = DELEGATIONS, seed: int = 1) -> list[Inhabitants]:
    """As many people as a province has inhabitants, share by share, round its centre. One whose centre the file does
    not know lies in the middle of the others."""
    chance = np.random.default_rng(seed)
    centres, inhabitants = _provinces(delegations)
    sizes = np.maximum(LEAST, np.round(people * inhabitants / inhabitants.sum())).astype(int)
    return [_province(chance, centre, size) for centre, size in zip(centres, sizes, strict=True)]


def _province(chance: np.random.Generator, centre: np.ndarray, people: int) -> Inhabitants:
    homes = chance.normal(centre, SPREAD, (people, 2))
    cycles, women = chance.choice(CYCLES, people, p=(0.65, 0.2, 0.15)), chance.random(people) < 0.25
    return Inhabitants(homes, tuple(cycles), women)


def _provinces(count: int) -> tuple[np.ndarray, np.ndarray]:
    with (REAL / "provinces_prefectures_83rows.csv").open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))[:count]
    centres = np.array([(float(row["lat"] or "nan"), float(row["lon"] or "nan")) for row in rows])
    centres = np.where(np.isnan(centres), np.nanmean(centres, axis=0), centres)
    return centres, np.array([float(row["population_2024"]) for row in rows])
