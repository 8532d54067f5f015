"""Plans are asked for, computed anew, given up; what is computed is done by a job."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from shared.domain import jobs
from shared.domain.actor import Actor
from shared.domain.policy import EVERYTHING, permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Fault, Invalid, Refused

from ..model.plan import Plan, PlanningRound
from ..model.plan_parts import Exclusion, PlanWish, WishKind
from ..queries import drafting, reading

JOB = "plan"
MOST_WAITING = 5  # plans of one Delegation: others wait behind them, and imports too
MOST_PEOPLE = 3000  # of one plan: four times the largest Delegation; the time of a computation grows with their square


def ask_plan(session: Session, actor: Actor, delegation_id: UUID, **wish: Any) -> reading.ShownPlan:
    permit(session, actor, "ask_plan", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    organisation.demand_open(session, delegation_id)
    persons = {kind: wish.pop(kind) for kind in ("fixed", "excluded", "together", "apart")}
    _demand_plannable(session, delegation_id, without=[each["principal_id"] for each in persons["excluded"]])
    _demand_known(session, delegation_id, wish, persons)
    if reading.count_waiting(session, delegation_id) >= MOST_WAITING:
        raise Refused("plan.too_many_waiting", most=MOST_WAITING)
    (plan,) = _ask(session, actor, [delegation_id], wish)
    session.add_all(_wishes(plan, **persons))
    session.flush()
    return reading.shown(session, plan)


def _ask(
    session: Session, actor: Actor, delegation_ids: Sequence[UUID], parameters: dict, *, round_id: UUID | None = None
) -> list[Plan]:
    now = datetime.now(UTC)
    asked = [Plan.ask(id, actor.id, parameters, round_id=round_id, now=now) for id in delegation_ids]
    session.add_all(asked)
    session.flush()
    for plan in asked:
        jobs.ask(session, JOB, plan.id)
    return asked


def _demand_plannable(session: Session, delegation_id: UUID, *, without: Sequence[UUID]) -> None:
    people = drafting.count_plannable(session, delegation_id, date.today(), without=without)
    if not people:
        raise Refused("plan.nobody")
    if people > MOST_PEOPLE:
        raise Refused("plan.too_many_people", most=MOST_PEOPLE)


def _demand_known(session: Session, delegation_id: UUID, wish: Mapping, persons: Mapping[str, Iterable]) -> None:
    """Whoever is named belongs to the Delegation, whichever school is named too."""
    named = {each["principal_id"] for kind in persons.values() for each in kind}
    named |= {each["other_id"] for kind in persons.values() for each in kind if "other_id" in each}
    strangers = named - set(drafting.living_principals(session, delegation_id, named))
    faults = [Fault("principal.not_here", field="principal_id", value=str(id)) for id in sorted(strangers)]
    codes = set(wish["hosts"]) - drafting.known_schools(session, delegation_id, wish["hosts"])
    faults += [Fault("plan.unknown_school", field="hosts", value=code) for code in sorted(codes)]
    if faults:
        raise Invalid("plan.unknown", faults=faults)


def _wishes(
    plan: Plan, *, fixed: list[dict], excluded: list[dict], together: list[dict], apart: list[dict]
) -> Iterable[PlanWish]:
    yield from (PlanWish.fix(plan, wish["principal_id"], wish["group"]) for wish in fixed)
    yield from (PlanWish.exclude(plan, wish["principal_id"], Exclusion(wish["reason"])) for wish in excluded)
    for kind, pairs in ((WishKind.TOGETHER, together), (WishKind.APART, apart)):
        yield from (PlanWish.pair(plan, kind, wish["principal_id"], wish["other_id"], wish["km"]) for wish in pairs)


def recompute_plan(session: Session, actor: Actor, plan_id: UUID, **changes: Any) -> reading.ShownPlan:
    """Whoever is fixed stays; of the others few move, the fewer the more `stay` weighs."""
    organisation.hold_tree(session)
    plan = permit(session, actor, "recompute_plan", reading.plan(session, plan_id, lock=True))
    demand_seen(session, reading.shown(session, plan))
    organisation.demand_open(session, plan.delegation_id)
    plan.ask_again(changes, now=datetime.now(UTC))
    excluded = [wish for wish in reading.wishes_of(session, plan_id) if wish.kind is WishKind.EXCLUDED]
    _demand_plannable(session, plan.delegation_id, without=[wish.principal_id for wish in excluded])
    jobs.ask(session, JOB, plan.id)
    return reading.shown(session, plan)


def discard_plan(session: Session, actor: Actor, plan_id: UUID) -> reading.ShownPlan:
    plan = permit(session, actor, "discard_plan", reading.plan(session, plan_id, lock=True))
    demand_seen(session, reading.shown(session, plan))
    plan.discard(now=datetime.now(UTC))
    return reading.shown(session, plan)


def ask_planning_round(session: Session, actor: Actor, **parameters: Any) -> reading.ShownRound:
    """One plan for each Delegation in the caller's reach that has principals. What is too large for a plan has one that
    has failed: left out, it would be missed by nobody."""
    permit(session, actor, "ask_planning_round", EVERYTHING)
    organisation.hold_tree(session)
    scope_id = None if actor.administers() else actor.unit_id
    if reading.is_round_under_way(session, scope_id):
        raise Refused("planning_round.under_way")
    asked = PlanningRound.ask(scope_id, actor.id, now=datetime.now(UTC))
    session.add(asked)
    session.flush()
    peopled = drafting.delegations_to_plan(session, actor, date.today())
    fitting = [id for id, people in peopled if people <= MOST_PEOPLE]
    _ask(session, actor, fitting, parameters, round_id=asked.id)
    _fail(session, actor, [id for id, people in peopled if people > MOST_PEOPLE], parameters, asked.id)
    return reading.shown_round(session, actor, asked)


def _fail(session: Session, actor: Actor, delegation_ids: Sequence[UUID], parameters: dict, round_id: UUID) -> None:
    now = datetime.now(UTC)
    failed = [Plan.ask(id, actor.id, parameters, round_id=round_id, now=now) for id in delegation_ids]
    for plan in failed:
        plan.fail(now=now)
    session.add_all(failed)
    session.flush()
