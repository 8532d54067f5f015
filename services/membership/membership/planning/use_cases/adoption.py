"""A plan adopted: its groups become communities, whose principals are invited; nobody is made a member."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from membership.communities import Community
from membership.joining import Membership
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Fault, Invalid

from ..model.plan import Plan
from ..model.plan_parts import PlanGroup
from ..queries import comparison, drafting, reading


def adopt_plan(
    session: Session,
    actor: Actor,
    plan_id: UUID,
    *,
    answer_by: datetime,
    names: list[dict[str, Any]],
    invite_members: bool,
    **rules: Any,
) -> reading.ShownPlan:
    """In one transaction, and once. Whoever has a home community, or was invited to one, is left there unless
    `invite_members`: they then are free to leave it for the new one."""
    organisation.hold_tree(session)
    plan = permit(session, actor, "adopt_plan", reading.plan(session, plan_id, lock=True))
    demand_seen(session, reading.shown(session, plan))
    organisation.demand_open(session, plan.delegation_id)
    # Of two plans of one Delegation that are adopted at once, the second finds the invitations of the first.
    reading.hold_delegation(session, plan.delegation_id)
    plan.adopt(now=datetime.now(UTC))
    groups = reading.groups_of(session, plan_id)
    _demand_groups(names, groups)
    invited = _whom(session, plan, invite_members=invite_members)
    communities = _plan_communities(session, plan, groups, invited, names, rules)
    _invite(session, communities, invited, answer_by)
    return reading.shown(session, plan, touched=[id for ids in invited.values() for id in ids])


def _demand_groups(names: list[dict[str, Any]], groups: Sequence[PlanGroup]) -> None:
    unknown = [name["group"] for name in names if name["group"] > len(groups)]
    if unknown:
        facts = {"groups": len(groups)}
        faults = [Fault("plan.no_group", field="names", value=str(number), facts=facts) for number in unknown]
        raise Invalid("plan.unknown", faults=faults)


def _whom(session: Session, plan: Plan, *, invite_members: bool) -> dict[int, list[UUID]]:
    """By group. Whoever was erased or went to another Delegation since is not invited."""
    places = reading.places_by_person(session, plan.id)
    living = drafting.living_principals(session, plan.delegation_id, list(places))
    homes = set() if invite_members else comparison.with_home(session, living)
    found: dict[int, list[UUID]] = {}
    for id in living:
        if id not in homes:
            found.setdefault(places[id].number, []).append(id)
    return found


def _plan_communities(
    session: Session,
    plan: Plan,
    groups: Sequence[PlanGroup],
    invited: Mapping[int, list[UUID]],
    names: list[dict[str, Any]],
    rules: dict[str, Any],
) -> dict[int, Community]:
    """One for each group of which anybody is invited."""
    wanted = {name["group"]: {"name_fr": name["name_fr"], "name_ar": name["name_ar"]} for name in names}
    made: dict[int, Community] = {}
    for group in (group for group in groups if invited.get(group.number)):
        named = wanted.get(group.number, {"name_fr": group.name_fr, "name_ar": group.name_ar})
        made[group.number] = Community.plan(plan.delegation_id, **named, is_home=True, **rules)
        made[group.number].form()
        session.add(made[group.number])
    session.flush()
    for group in (group for group in groups if group.number in made):
        group.becomes(made[group.number])
    return made


def _invite(
    session: Session, communities: Mapping[int, Community], invited: Mapping[int, list[UUID]], answer_by: datetime
) -> None:
    now = datetime.now(UTC)
    for number, community in communities.items():
        invitations = [Membership.invite(community, id, answer_by=answer_by, now=now) for id in invited[number]]
        session.add_all(invitations)
    session.flush()
