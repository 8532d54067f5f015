"""Two divisions side by side: which group answers to which, who changes, how the travel changes."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from membership.model import Community, Membership, MembershipState, Plan, PlanPlace
from membership.policy import policy
from shared.domain.actor import Actor
from shared.domain.refusals import Invalid

from .figures import travel
from .ground import people_of, survey
from .hosts import hosts_of_communities, middle_host
from .reading import plan

CURRENT = "current"
AT_HOME = (MembershipState.MEMBER, MembershipState.INVITED)

Division = Mapping[UUID, Hashable]  # group by principal


@dataclass(frozen=True)
class Change:
    principal_id: UUID
    before: str
    group: int


@dataclass(frozen=True)
class Comparison:
    """`changes` are those who are in both and no longer with the group that has most of their former one."""

    staying: int
    changes: list[Change]
    new: int
    gone: int
    pairs_before: int
    pairs_kept: int
    before: dict[str, float]
    after: dict[str, float]

    @property
    def changing(self) -> int:
        return len(self.changes)


def comparison(session: Session, actor: Actor, plan_id: UUID, *, other: str) -> Comparison:
    """With another plan of the same Delegation, or with the home communities as they are today."""
    mine = policy.permit(session, actor, "compare_plan", plan(session, plan_id))
    after, km_after = _planned(session, plan_id)
    before, km_before = _before(session, actor, mine, other)
    return compare(before, after, km_before, km_after)


def _before(session: Session, actor: Actor, mine: Plan, other: str) -> tuple[dict[UUID, Any], dict[UUID, float]]:
    if other == CURRENT:
        return current_division(session, mine.delegation_id)
    theirs = policy.permit(session, actor, "compare_plan", plan(session, UUID(other)))
    if theirs.delegation_id != mine.delegation_id:
        raise Invalid("plan.of_elsewhere")
    return _planned(session, theirs.id)


def _planned(session: Session, plan_id: UUID) -> tuple[dict[UUID, int], dict[UUID, float]]:
    wanted = select(PlanPlace.principal_id, PlanPlace.number, PlanPlace.km).where(PlanPlace.plan_id == plan_id)
    rows = session.execute(wanted).all()
    return {id: number for id, number, _ in rows}, {id: km for id, _, km in rows}


def current_homes(session: Session, delegation_id: UUID) -> dict[UUID, UUID]:
    """The home community of each principal of a Delegation who is a member of one, or invited to one."""
    people = select(Membership.principal_id, Membership.community_id, Membership.state).where(
        Membership.is_home, Membership.state.in_(AT_HOME), Membership.community_id.in_(_of(delegation_id))
    )
    rows = sorted(session.execute(people), key=lambda row: row.state is MembershipState.MEMBER)
    return {row.principal_id: row.community_id for row in rows}  # who is a member somewhere counts as that


def _of(delegation_id: UUID) -> Select:
    return select(Community.id).where(Community.delegation_id == delegation_id)


def current_division(session: Session, delegation_id: UUID) -> tuple[dict[UUID, UUID], dict[UUID, float]]:
    """With the way of each to the host of their community."""
    homes = current_homes(session, delegation_id)
    chosen = hosts_of_communities(session, set(homes.values()))
    members = select(Membership.principal_id).where(
        Membership.is_home, Membership.state.in_(AT_HOME), Membership.community_id.in_(_of(delegation_id))
    )
    people = people_of(session, members)
    ground = survey(session, delegation_id, people, hosts=chosen.values())
    ways: dict[UUID, float] = {}
    for community_id in set(homes.values()):
        rows = [row for row, person in enumerate(people) if homes.get(person.id) == community_id]
        column = middle_host(ground, rows, chosen.get(community_id))
        ways |= {people[row].id: float(ground.distances[row, column]) for row in rows}
    return {id: home for id, home in homes.items() if id in ways}, ways


def compare(before: Division, after: Division, km_before: Mapping, km_after: Mapping) -> Comparison:
    both = before.keys() & after.keys()
    answers = matched({id: before[id] for id in both}, {id: after[id] for id in both})
    changes = [Change(id, str(before[id]), after[id]) for id in sorted(both) if answers.get(before[id]) != after[id]]
    together = Counter((before[id], after[id]) for id in both)
    return Comparison(
        staying=len(both) - len(changes),
        changes=changes,
        new=len(after.keys() - before.keys()),
        gone=len(before.keys() - after.keys()),
        pairs_before=_pairs(Counter(before[id] for id in both)),
        pairs_kept=_pairs(together),
        before=travel(np.array(list(km_before.values()))),
        after=travel(np.array(list(km_after.values()))),
    )


def _pairs(counts: Counter) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def matched(before: Division, after: Division) -> dict[Hashable, Hashable]:
    """To each former group the new one that has most of it, the largest parts first; each answers to one at most."""
    shared = Counter((before[id], after[id]) for id in before.keys() & after.keys())
    found: dict[Hashable, Hashable] = {}
    for (old, new), _ in sorted(shared.items(), key=lambda item: (-item[1], str(item[0]))):
        if old not in found and new not in found.values():
            found[old] = new
    return found
