"""A plan adjusted by hand: principals are moved from group to group, and taken back; the figures follow at once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Fault, Invalid, NotFound

from ..model.plan import Plan
from ..model.plan_parts import PlanGroup, PlanPlace
from ..planner.bounds import shortfalls
from ..planner.figures import price_of
from ..queries import drafting, problems, reading
from ..queries import figures as queries_figures
from ..queries import ground as queries_ground

KEPT = ("absent", "excluded", "distances_given", "distances_as_the_crow_flies", "stopped", "seconds")


def move_places(session: Session, actor: Actor, plan_id: UUID, *, moves: list[dict[str, Any]]) -> reading.ShownPlan:
    """All of them or none. Whoever is moved stays there when the plan is computed anew."""
    plan = permit(session, actor, "move_places", reading.plan(session, plan_id, lock=True))
    demand_seen(session, reading.shown(session, plan))
    plan.demand_ready()
    places, groups = reading.places_by_person(session, plan_id), reading.groups_of(session, plan_id)
    _demand_possible(moves, places, len(groups))
    for move in moves:
        places[move["principal_id"]].move(move["group"])
    _recount(session, plan, places, groups)
    return reading.shown(session, plan, touched=[move["principal_id"] for move in moves])


def _demand_possible(moves: list[dict[str, Any]], places: Mapping[UUID, PlanPlace], groups: int) -> None:
    faults = [
        Fault("plan.no_place", field="principal_id", value=str(move["principal_id"]))
        for move in moves
        if move["principal_id"] not in places
    ]
    faults += [
        Fault("plan.no_group", field="group", value=str(move["group"]), facts={"groups": groups})
        for move in moves
        if move["group"] > groups
    ]
    if faults:
        raise Invalid("plan.unknown", faults=faults)


def undo_move(session: Session, actor: Actor, plan_id: UUID, principal_id: UUID) -> reading.ShownPlan:
    """Back to where the computation had put them, and fixed no more unless they were from the beginning. Computed anew
    since, they stay for now, and the next computation may place them anywhere."""
    plan = permit(session, actor, "undo_move", reading.plan(session, plan_id, lock=True))
    demand_seen(session, reading.shown(session, plan))
    plan.demand_ready()
    places = reading.places_by_person(session, plan_id)
    if principal_id not in places:
        raise NotFound("plan.no_such_place")
    places[principal_id].take_back(fixed_to=reading.wished_group(session, plan_id, principal_id))
    _recount(session, plan, places, reading.groups_of(session, plan_id))
    return reading.shown(session, plan, touched=[principal_id])


def _recount(session: Session, plan: Plan, places: Mapping[UUID, PlanPlace], groups: Sequence[PlanGroup]) -> None:
    hosts = [group.host_code for group in groups]
    people = [person for person in queries_ground.people_in(session, plan.id) if person.id in places]
    ground = queries_ground.survey_beside(session, plan.delegation_id, people, hosts)
    numbers = np.array([places[person.id].number for person in people], dtype=int)
    columns = np.array([ground.hosts.index(code) for code in hosts], dtype=int)
    ways = ground.distances[np.arange(len(numbers)), columns[numbers - 1]]
    for person, km in zip(people, ways, strict=True):
        places[person.id].measure(float(km))
    problem = drafting.as_it_stands(session, plan, ground, places, groups=len(groups))
    figures = queries_figures.figures_of(ground, numbers, ways, hosts, plan.parameters) | _kept(plan)
    figures["cost_km"] = round(price_of(problem, numbers - 1, columns), 1)
    missed = [problems.told(shortfall) for shortfall in shortfalls(problem, numbers - 1)]
    plan.adjust(figures, missed, now=datetime.now(UTC))


def _kept(plan: Plan) -> dict[str, Any]:
    """What stays true of the computation: whom and what it knew. What it proved does not, once it is changed."""
    return {name: plan.figures[name] for name in KEPT} | {"is_proved": False}
