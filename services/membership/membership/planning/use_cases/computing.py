"""What the job of a plan does: reads the ground, lets the planner divide, writes down the result as a whole."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from shared.domain.database import new_id

from ..model.plan import Plan, PlanState
from ..model.plan_parts import PlanGroup, PlanPlace
from ..planner.problem import Solution
from ..queries import drafting, problems, reading
from ..queries import figures as queries_figures


def draft_plan(session: Session, plan_id: UUID) -> problems.Draft | None:
    """None if it is no longer to be computed: the job was asked for twice, say."""
    plan = reading.plan(session, plan_id)
    if plan is None or plan.state is not PlanState.ASKED:
        return None
    return drafting.draft_of(session, plan, date.today())


def settle_plan(session: Session, plan_id: UUID, draft: problems.Draft | None, solution: Solution | None) -> None:
    """Places and groups of before are replaced. Whoever was erased or went elsewhere meanwhile gets no place."""
    plan = reading.plan(session, plan_id, lock=True)
    if plan is None or draft is None or solution is None or plan.state is not PlanState.ASKED:
        return
    session.execute(delete(PlanPlace).where(PlanPlace.plan_id == plan_id))
    session.execute(delete(PlanGroup).where(PlanGroup.plan_id == plan_id))
    numbers, hosts = solution.group_of + 1, [draft.ground.hosts[column] for column in solution.host_of]
    ways = draft.ground.distances[np.arange(len(numbers)), solution.host_of[solution.group_of]]
    _write_groups(session, plan, hosts)
    _write_places(session, plan, draft, numbers, ways)
    figures = queries_figures.figures_of(draft.ground, numbers, ways, hosts, draft.parameters)
    figures |= {"cost_km": round(float(solution.cost), 1), "is_proved": bool(solution.is_proved)}
    figures |= {"stopped": solution.stopped, "seconds": round(float(solution.seconds), 2)}
    plan.settle(figures, [problems.told(shortfall) for shortfall in solution.shortfalls], now=datetime.now(UTC))


def _write_groups(session: Session, plan: Plan, hosts: Sequence[str]) -> None:
    names = drafting.names_of_groups(session, plan.delegation_id, hosts)
    rows = [
        {"id": new_id(), "plan_id": plan.id, "number": number, "host_code": code} | names[number - 1]
        for number, code in enumerate(hosts, 1)
    ]
    session.execute(insert(PlanGroup), rows)


def _write_places(session: Session, plan: Plan, draft: problems.Draft, numbers: np.ndarray, ways: np.ndarray) -> None:
    people = [person.id for person in draft.ground.people]
    living = set(drafting.living_principals(session, plan.delegation_id, people))
    rows = [
        {
            "id": new_id(),
            "plan_id": plan.id,
            "principal_id": id,
            "number": int(number),
            "km": float(km),
            "placed_by": by,
            "is_fixed": id in draft.fixed,
            "previous": draft.previous.get(id),
        }
        for id, number, km, by in zip(people, numbers, ways, draft.ground.placed_by, strict=True)
        if id in living
    ]
    if rows:
        session.execute(insert(PlanPlace), rows)


def fail_plan(session: Session, plan_id: UUID) -> None:
    """The job gave up."""
    plan = reading.plan(session, plan_id, lock=True)
    if plan is not None and plan.state is PlanState.ASKED:
        plan.fail(now=datetime.now(UTC))
