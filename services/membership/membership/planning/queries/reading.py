"""Questions about plans as they were saved: which there are, how far they are, who is placed where."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from membership.organisation import Delegation, delegation
from shared.domain import jobs, units
from shared.domain.actor import Actor
from shared.domain.jobs import Job
from shared.domain.paging import Page, page
from shared.domain.policy import permit

from ..model.plan import Plan, PlanningRound, PlanState
from ..model.plan_parts import PlanGroup, PlanPlace, PlanWish, WishKind


@dataclass(frozen=True)
class ShownPlan:
    """A plan with all that is told of it at once: its groups, its wishes, how far its computation is.

    `touched_ids` are those whom the change that is answered was about.
    """

    plan: Plan
    groups: Sequence[PlanGroup]
    wishes: Sequence[PlanWish]
    progress: Job | None
    touched_ids: Collection[UUID] = ()

    @property
    def id(self) -> UUID:
        return self.plan.id

    @property
    def edition(self) -> str:
        """While it is computed, every step is another state to see."""
        job = self.progress
        if job is None or self.plan.state is not PlanState.ASKED:
            return self.plan.edition
        return f"{self.plan.edition}.{job.attempts}.{job.step}.{job.done}"

    @property
    def person_ids(self) -> list[UUID]:
        wished = [id for wish in self.wishes for id in (wish.principal_id, wish.other_id) if id]
        return [*wished, *self.touched_ids]

    @property
    def figures(self) -> dict[str, Any] | None:
        """None until it was computed for the first time."""
        return self.plan.figures or None

    @property
    def fixed(self) -> list[PlanWish]:
        return self._wishes(WishKind.FIXED)

    @property
    def excluded(self) -> list[PlanWish]:
        return self._wishes(WishKind.EXCLUDED)

    @property
    def together(self) -> list[PlanWish]:
        return self._wishes(WishKind.TOGETHER)

    @property
    def apart(self) -> list[PlanWish]:
        return self._wishes(WishKind.APART)

    def _wishes(self, kind: WishKind) -> list[PlanWish]:
        return [wish for wish in self.wishes if wish.kind is kind]


def plan(session: Session, plan_id: UUID, *, lock: bool = False) -> Plan | None:
    return session.get(Plan, plan_id, with_for_update=lock or None)


def visible_plan(session: Session, actor: Actor, plan_id: UUID) -> ShownPlan:
    return shown(session, permit(session, actor, "show_plan", plan(session, plan_id)))


def shown(session: Session, found: Plan, *, touched: Collection[UUID] = ()) -> ShownPlan:
    job = jobs.of(session, found.id)
    return ShownPlan(found, groups_of(session, found.id), wishes_of(session, found.id), job, list(touched))


def plans(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_plans", delegation(session, delegation_id))
    rows = select(Plan).where(Plan.delegation_id == delegation_id)
    return page(session, rows, Plan.id, after=after, limit=limit)


def places(
    session: Session,
    actor: Actor,
    plan_id: UUID,
    *,
    group: int | None,
    beyond_km: float | None,
    after: UUID | None,
    limit: int,
) -> Page:
    """Ordered by principal, so that a page's cursor is one of them."""
    permit(session, actor, "list_places", plan(session, plan_id))
    rows = select(PlanPlace).where(PlanPlace.plan_id == plan_id)
    rows = rows if group is None else rows.where(PlanPlace.number == group)
    rows = rows if beyond_km is None else rows.where(PlanPlace.km > beyond_km)
    return page(session, rows, PlanPlace.principal_id, after=after, limit=limit)


def groups_of(session: Session, plan_id: UUID) -> Sequence[PlanGroup]:
    mine = select(PlanGroup).where(PlanGroup.plan_id == plan_id)
    return session.scalars(mine.order_by(PlanGroup.number)).all()


def wishes_of(session: Session, plan_id: UUID) -> Sequence[PlanWish]:
    mine = select(PlanWish).where(PlanWish.plan_id == plan_id)
    return session.scalars(mine.order_by(PlanWish.id)).all()


def wished_group(session: Session, plan_id: UUID, principal_id: UUID) -> int | None:
    """To which somebody was fixed when the plan was asked for."""
    mine = (PlanWish.plan_id == plan_id) & (PlanWish.principal_id == principal_id) & (PlanWish.kind == WishKind.FIXED)
    return session.scalar(select(PlanWish.number).where(mine))


def hold_delegation(session: Session, delegation_id: UUID) -> None:
    """Until the end of the transaction; whoever only enters people there does not wait."""
    session.get(Delegation, delegation_id, with_for_update={"key_share": True})


def places_by_person(session: Session, plan_id: UUID) -> dict[UUID, PlanPlace]:
    """All of them: as many as a Delegation has principals."""
    mine = select(PlanPlace).where(PlanPlace.plan_id == plan_id)
    return {place.principal_id: place for place in session.scalars(mine)}


def count_waiting(session: Session, delegation_id: UUID) -> int:
    asked = (Plan.delegation_id == delegation_id) & (Plan.state == PlanState.ASKED)
    return session.scalar(select(func.count()).select_from(Plan).where(asked)) or 0


def is_round_under_way(session: Session, scope_id: UUID | None) -> bool:
    """Over the same Delegations, with plans that are being computed still."""
    asked = select(Plan.id).join(PlanningRound, PlanningRound.id == Plan.round_id)
    same = PlanningRound.scope_id.is_not_distinct_from(scope_id)
    return session.scalar(select(exists(asked.where(same, Plan.state == PlanState.ASKED)))) or False


def planning_round(session: Session, round_id: UUID) -> PlanningRound | None:
    return session.get(PlanningRound, round_id)


@dataclass(frozen=True)
class RoundLine:
    """How it stands with one Delegation's plan; its figures are None until it is ready."""

    plan: Plan
    progress: Job | None

    def _figure(self, name: str) -> Any:
        return self.plan.figures.get(name)

    @property
    def people(self) -> int | None:
        return self._figure("people")

    @property
    def groups(self) -> int | None:
        groups = self._figure("groups")
        return None if groups is None else len(groups)

    @property
    def median_km(self) -> float | None:
        return self._figure("median_km")

    @property
    def worst_km(self) -> float | None:
        return self._figure("worst_km")

    @property
    def far(self) -> int | None:
        return self._figure("far")

    @property
    def shortfalls(self) -> int:
        return len(self.plan.shortfalls)


@dataclass(frozen=True)
class ShownRound:
    """All plans of a round; there are as many as Delegations in the country, at most."""

    round: PlanningRound
    lines: list[RoundLine]

    @property
    def id(self) -> UUID:
        return self.round.id

    @property
    def edition(self) -> str:
        steps = [(line.plan.version, line.progress and (line.progress.step, line.progress.done)) for line in self.lines]
        return hashlib.sha256(repr(steps).encode()).hexdigest()[:16]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def done(self) -> int:
        return sum(line.plan.state is not PlanState.ASKED for line in self.lines)

    @property
    def failed(self) -> int:
        return sum(line.plan.state is PlanState.FAILED for line in self.lines)


def visible_round(session: Session, actor: Actor, round_id: UUID) -> ShownRound:
    found = permit(session, actor, "show_planning_round", planning_round(session, round_id))
    return shown_round(session, actor, found)


def shown_round(session: Session, actor: Actor, found: PlanningRound) -> ShownRound:
    """With the plans in the caller's reach."""
    mine = select(Plan).where(Plan.round_id == found.id, units.in_reach_of(actor, Plan.delegation_id))
    plans = session.scalars(mine.order_by(Plan.id)).all()
    return ShownRound(found, [RoundLine(plan, job) for plan, job in _with_jobs(session, plans)])


def _with_jobs(session: Session, plans: Sequence[Plan]) -> Iterable[tuple[Plan, Job | None]]:
    found = session.scalars(select(Job).where(Job.id.in_([plan.id for plan in plans])))
    by_id = {job.id: job for job in found}
    return ((plan, by_id.get(plan.id)) for plan in plans)
