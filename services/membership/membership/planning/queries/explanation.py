"""Why somebody is placed where they are: the hosts that are nearest, what each other group would cost or break."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import NotFound

from ..model.plan_parts import PlanPlace
from ..planner.explaining import Change, explain
from ..planner.problem import Problem, Solution
from .drafting import as_it_stands
from .ground import Ground, people_in, survey_beside
from .problems import told
from .reading import groups_of, places_by_person, plan

NEAREST = 5


@dataclass(frozen=True)
class Step:
    """By how much the travel of all and its cost would change, and which bounds would be broken by that."""

    travel_km: float
    cost_km: float
    forbidden_by: list[dict[str, Any]]
    exchanged_with: UUID | None


@dataclass(frozen=True)
class Elsewhere:
    """Another group: how far it is, what it would be to go there alone, and in exchange for somebody of it."""

    group: int
    km: float
    alone: Step
    exchange: Step | None


@dataclass(frozen=True)
class HostWay:
    group: int
    host_code: str
    km: float


@dataclass(frozen=True)
class Explanation:
    principal_id: UUID
    group: int
    km: float
    is_fixed: bool
    nearest_hosts: list[HostWay]
    alternatives: list[Elsewhere]

    @property
    def person_ids(self) -> list[UUID]:
        exchanges = (other.exchange.exchanged_with for other in self.alternatives if other.exchange)
        return [self.principal_id, *(id for id in exchanges if id)]


def explanation(session: Session, actor: Actor, plan_id: UUID, principal_id: UUID) -> Explanation:
    """The cheapest of the other groups first."""
    found = permit(session, actor, "explain_place", plan(session, plan_id))
    places = places_by_person(session, plan_id)
    if principal_id not in places:
        raise NotFound("plan.no_such_place")
    hosts = [group.host_code for group in groups_of(session, plan_id)]
    people = [person for person in people_in(session, plan_id) if person.id in places]
    ground = survey_beside(session, found.delegation_id, people, hosts)
    numbers = np.array([places[person.id].number for person in people], dtype=int)
    fixed = {id: place.number for id, place in places.items() if place.is_fixed}
    problem = as_it_stands(session, found, ground, places, groups=len(hosts), fixed=fixed)
    return _explained(ground, problem, numbers, hosts, places[principal_id])


def _explained(
    ground: Ground, problem: Problem, numbers: np.ndarray, hosts: Sequence[str], place: PlanPlace
) -> Explanation:
    row, columns = ground.rows[place.principal_id], np.array([ground.hosts.index(code) for code in hosts], dtype=int)
    ways = ground.distances[row, columns]
    solution = Solution(numbers - 1, columns, 0.0, 0.0, (), False, "done", 0.0)
    return Explanation(
        principal_id=place.principal_id,
        group=place.number,
        km=round(place.km, 1),
        is_fixed=place.is_fixed,
        nearest_hosts=[_way(hosts, ways, group) for group in np.argsort(ways, kind="stable")[:NEAREST]],
        alternatives=[
            Elsewhere(
                group=other.group + 1,
                km=round(float(ways[other.group]), 1),
                alone=_step(ground, other.alone),
                exchange=_step(ground, other.swap) if other.swap else None,
            )
            for other in explain(problem, solution, row)
        ],
    )


def _way(hosts: Sequence[str], ways: np.ndarray, group: int) -> HostWay:
    return HostWay(int(group) + 1, hosts[group], round(float(ways[group]), 1))


def _step(ground: Ground, change: Change) -> Step:
    return Step(
        travel_km=round(change.travel_km, 1),
        cost_km=round(change.cost, 1),
        forbidden_by=[told(shortfall) for shortfall in change.breaks],
        exchanged_with=None if change.swapped_with is None else ground.people[change.swapped_with].id,
    )
