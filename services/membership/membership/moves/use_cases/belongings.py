"""What a Delegation has written down goes where its people and schools go: canvases, plans, known distances.

A canvas goes with the community that was founded by it, a draft with its author, or else with the heir; a plan is a
proposal for the people of one Delegation, and lapses with it; a distance is a fact about two schools, wherever.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from membership import communities
from membership.organisation import CarriedDraft, LapsedPlan, Operation, School, kept, stored
from membership.planning import Distance, Plan, PlanState
from shared.domain import jobs
from shared.domain.database import among, insert_into

from .present import Followed

COMPUTING = "plan"  # the kind of job by which a plan is computed


def take_belongings(
    session: Session, operation: Operation, followed: Followed, heirs: Mapping[UUID, UUID], plans: Collection[Plan]
) -> None:
    """Once people and communities are where they go; what went is kept with the operation. `plans` are held."""
    handed_over = _hand_over_canvases(session, followed, heirs)
    operation.note_changes(stored(*handed_over, *_lapse(plans)))
    _copy_distances(session, followed.left)
    session.flush()


def bring_belongings_back(
    session: Session, operation: Operation, followed: Followed, heirs: Mapping[UUID, UUID], plans: Mapping[UUID, Plan]
) -> None:
    """Where they were, if nobody has taken them further; what was being computed is computed anew."""
    _return_drafts(session, operation)
    _hand_over_canvases(session, followed, heirs)
    _restore(session, operation, plans)
    _lapse([plan for plan in plans.values() if plan.delegation_id in followed.closed])
    _copy_distances(session, followed.left)
    session.flush()


def _hand_over_canvases(session: Session, followed: Followed, heirs: Mapping[UUID, UUID]) -> list[CarriedDraft]:
    """Returns the drafts among them: what was founded comes back with its community, by itself."""
    carried = []
    for canvas, its_authors, its_communitys in communities.canvases_to_follow(session, followed.left | followed.closed):
        before, goal = canvas.delegation_id, its_communitys or its_authors or heirs.get(canvas.delegation_id)
        if canvas.is_draft and goal not in (None, before):
            carried.append(CarriedDraft(canvas.id, before, goal))
        canvas.belongs_to(goal or before)
    return carried


def _return_drafts(session: Session, operation: Operation) -> None:
    """Those that are drafts still, where the operation had brought them."""
    carried = {each.canvas_id: each for each in kept(operation.changes, CarriedDraft)}
    for canvas in communities.canvases_by_id(session, carried):
        if canvas.is_draft and canvas.delegation_id == carried[canvas.id].to_id:
            canvas.belongs_to(carried[canvas.id].from_id)
    session.flush()


def _lapse(plans: Collection[Plan]) -> list[LapsedPlan]:
    pending = [plan for plan in plans if plan.is_pending]
    lapsed = [LapsedPlan(plan.id, plan.state) for plan in pending]
    for plan in pending:
        plan.lapse(now=datetime.now(UTC))
    return lapsed


def _restore(session: Session, operation: Operation, plans: Mapping[UUID, Plan]) -> None:
    for each in kept(operation.changes, LapsedPlan):
        plan = plans[each.plan_id]
        if plan.state is PlanState.LAPSED:
            plan.holds_again(PlanState(each.state), now=datetime.now(UTC))
            if plan.state is PlanState.ASKED:
                jobs.ask(session, COMPUTING, plan.id)


def _copy_distances(session: Session, left: Collection[UUID]) -> None:
    """Ways between two schools that lie together elsewhere now; where they came from, what is known stays known."""
    here, there = aliased(School), aliased(School)
    ways = (
        select(here.delegation_id, Distance.from_code, Distance.to_code, Distance.km)
        .join(here, here.code == Distance.from_code)
        .join(there, (there.code == Distance.to_code) & (there.delegation_id == here.delegation_id))
        .where(among(session, Distance.delegation_id, list(left)), here.delegation_id != Distance.delegation_id)
    )
    names = ["delegation_id", "from_code", "to_code", "km"]
    session.execute(insert_into(session, Distance).from_select(names, ways).on_conflict_do_nothing())
