"""Two divisions side by side: which group answers to which, who changes, how the travel changes."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from membership.communities import Community
from membership.joining import Membership, MembershipState
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import MOST
from shared.domain.policy import permit
from shared.domain.refusals import Invalid

from ..model.plan import Plan
from ..model.plan_parts import PlanPlace
from .figures import travel
from .ground import Ground, people_of, survey_parts
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
    """`changes` are those who are in both and no longer with the group that has most of their former one: a page of
    the `changing`, in the order of principals; `next` is where the following one begins."""

    staying: int
    changing: int
    changes: list[Change]
    next: UUID | None
    new: int
    gone: int
    pairs_before: int
    pairs_kept: int
    before: dict[str, float]
    after: dict[str, float]

    def page(self, after: UUID | None, limit: int) -> "Comparison":
        """The figures of all; who changes, of one page alone."""
        rest = [change for change in self.changes if after is None or change.principal_id > after]
        shown = rest[: min(limit, MOST)]
        return replace(self, changes=shown, next=shown[-1].principal_id if len(rest) > len(shown) else None)


def comparison(
    session: Session, actor: Actor, plan_id: UUID, *, other: str, after: UUID | None, limit: int
) -> Comparison:
    """With another plan of the same Delegation, or with the home communities as they are today."""
    mine = permit(session, actor, "compare_plan", plan(session, plan_id))
    planned, km_planned = _planned(session, plan_id)
    before, km_before = _before(session, actor, mine, other)
    return compare(before, planned, km_before, km_planned).page(after, limit)


def _before(session: Session, actor: Actor, mine: Plan, other: str) -> tuple[dict[UUID, Any], dict[UUID, float]]:
    if other == CURRENT:
        return current_division(session, mine.delegation_id)
    theirs = permit(session, actor, "compare_plan", plan(session, UUID(other)))
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


def with_home(session: Session, principal_ids: Sequence[UUID]) -> set[UUID]:
    """Those of them who are members of a home community, or invited to one: also in the Delegation they came from."""
    theirs = among(session, Membership.principal_id, principal_ids)
    at_home = select(Membership.principal_id).where(theirs, Membership.is_home, Membership.state.in_(AT_HOME))
    return set(session.scalars(at_home))


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
    parts: dict[UUID, list[int]] = {}
    for row, person in enumerate(people):
        if person.id in homes:  # or they came between the two questions
            parts.setdefault(homes[person.id], []).append(row)
    ways: dict[UUID, float] = {}
    for community_id, ground in survey_parts(session, delegation_id, people, parts, chosen):
        ways |= zip(ground.rows, _ways_to(ground, middle_host(ground, chosen.get(community_id))), strict=True)
    return {id: home for id, home in homes.items() if id in ways}, ways


def _ways_to(ground: Ground, column: int) -> list[float]:
    return ground.distances[:, column].tolist()


def compare(before: Division, after: Mapping[UUID, int], km_before: Mapping, km_after: Mapping) -> Comparison:
    both = before.keys() & after.keys()
    answers = matched({id: before[id] for id in both}, {id: after[id] for id in both})
    changes = [Change(id, str(before[id]), after[id]) for id in sorted(both) if answers.get(before[id]) != after[id]]
    together = Counter((before[id], after[id]) for id in both)
    return Comparison(
        staying=len(both) - len(changes),
        changing=len(changes),
        changes=changes,
        next=None,
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
