"""What the job of a plan does: reads the ground, lets the planner divide, writes down the result as a whole."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from membership.model import Plan, PlanGroup, PlanPlace, PlanState
from membership.planner import Solution
from membership.queries import plans
from shared.domain.database import new_id


def draft_plan(session: Session, plan_id: UUID) -> plans.Draft | None:
    """None if it is no longer to be computed: the job was asked for twice, say."""
    plan = plans.plan(session, plan_id)
    if plan is None or plan.state is not PlanState.ASKED:
        return None
    return plans.draft_of(session, plan, date.today())


def settle_plan(session: Session, plan_id: UUID, draft: plans.Draft | None, solution: Solution | None) -> None:
    """Places and groups of before are replaced. Whoever was erased or went elsewhere meanwhile gets no place."""
    plan = plans.plan(session, plan_id, lock=True)
    if draft is None or solution is None or plan.state is not PlanState.ASKED:
        return
    session.execute(delete(PlanPlace).where(PlanPlace.plan_id == plan_id))
    session.execute(delete(PlanGroup).where(PlanGroup.plan_id == plan_id))
    numbers, hosts = solution.group_of + 1, [draft.ground.hosts[column] for column in solution.host_of]
    ways = draft.ground.distances[np.arange(len(numbers)), solution.host_of[solution.group_of]]
    _write_groups(session, plan, hosts)
    _write_places(session, plan, draft, numbers, ways)
    figures = plans.figures_of(draft.ground, numbers, ways, hosts, draft.parameters)
    figures |= {"cost_km": round(float(solution.cost), 1), "is_proved": bool(solution.is_proved)}
    figures |= {"stopped": solution.stopped, "seconds": round(float(solution.seconds), 2)}
    plan.settle(figures, [plans.told(shortfall) for shortfall in solution.shortfalls], now=datetime.now(UTC))


def _write_groups(session: Session, plan: Plan, hosts: Sequence[str]) -> None:
    names = plans.names_of_groups(session, plan.delegation_id, hosts)
    rows = [
        {"id": new_id(), "plan_id": plan.id, "number": number, "host_code": code} | names[number - 1]
        for number, code in enumerate(hosts, 1)
    ]
    session.execute(insert(PlanGroup), rows)


def _write_places(session: Session, plan: Plan, draft: plans.Draft, numbers: np.ndarray, ways: np.ndarray) -> None:
    people = [person.id for person in draft.ground.people]
    living = set(plans.living_principals(session, plan.delegation_id, people))
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
    plan = plans.plan(session, plan_id, lock=True)
    if plan is not None and plan.state is PlanState.ASKED:
        plan.fail(now=datetime.now(UTC))
