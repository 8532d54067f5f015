"""Communities and people do not stand in the tree: with whom they go when units change."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from membership.communities import Community
from membership.organisation import Carried, CarriedDraft, Change, Heir, LapsedPlan, Operation, kept, stored
from membership.people import Principal
from membership.planning import Plan
from shared.domain.refusals import Refused

from ..model.carried import CarriedPrincipal
from ..queries import following
from .belongings import bring_belongings_back, take_belongings
from .present import Followed


@dataclass(frozen=True)
class _Held:
    """All that may go along: locked before any of it is changed, in the order that holds everywhere."""

    communities: Mapping[UUID, Community]
    plans: Mapping[UUID, Plan]
    principals: Sequence[Principal]


def carry(session: Session, operation: Operation, followed: Followed) -> None:
    """People go with their school, communities with most of their members; from what closes, all go to its heir."""
    if followed.is_nothing:
        return
    held = _hold(session, followed)
    session.add_all(_take_along(operation, held, followed))
    session.flush()
    goals = _goals(session, operation, held, followed)
    moved = [Carried(id, held.communities[id].delegation_id, goal) for id, goal in goals.items()]
    _move(session, held, goals)
    operation.note_changes(stored(*moved))
    session.flush()
    take_belongings(session, operation, followed, _heirs(operation, followed), held.plans.values())
    _demand_nobody_left(operation, held, followed)


def carry_back(session: Session, operation: Operation, followed: Followed) -> None:
    """Whom and what it carried goes back where nobody has moved them since; then all else follows the units."""
    carried = {each.community_id: each for each in kept(operation.changes, Carried)}
    people = {each.principal_id: each for each in following.carried_principals(session, operation.id)}
    lapsed = [each.plan_id for each in kept(operation.changes, LapsedPlan)]
    if followed.is_nothing and not (carried or people or lapsed or kept(operation.changes, CarriedDraft)):
        return
    held = _hold(session, followed, carried, people, lapsed)
    for principal in (principal for principal in held.principals if principal.id in people):
        people[principal.id].bring_back(principal)
    operation.concerns(people)
    _take_along(operation, held, followed)
    there = {id for id, each in carried.items() if held.communities[id].delegation_id == each.to_id}
    _move(session, held, {id: carried[id].from_id for id in there})
    session.flush()
    _move(session, held, _goals(session, operation, held, followed))
    session.flush()
    bring_belongings_back(session, operation, followed, _heirs(operation, followed), held.plans)
    _demand_nobody_left(operation, held, followed)


def _hold(
    session: Session,
    followed: Followed,
    communities: Collection[UUID] = (),
    people: Collection[UUID] = (),
    plans: Collection[UUID] = (),
) -> _Held:
    found = following.hold_communities_of(session, followed.left | followed.closed, communities)
    following.hold_elections_of(session, list(found))
    pending = following.hold_plans_of(session, followed.closed, plans)
    return _Held(found, pending, following.hold_principals_of(session, followed.schools, followed.closed, people))


def _take_along(operation: Operation, held: _Held, followed: Followed) -> list[CarriedPrincipal]:
    """Who heads a school that lies elsewhere lies there too; returns those who had no school to go with."""
    heirs, carried = _heirs(operation, followed), []
    for principal in held.principals:
        if principal.school_code in followed.schools:
            principal.correct(delegation_id=followed.schools[principal.school_code])
            operation.concerns([principal.id])
        elif principal.delegation_id in heirs:
            carried.append(CarriedPrincipal.carry(operation.id, principal, heirs[principal.delegation_id]))
            operation.concerns([principal.id])
    return carried


def _heirs(operation: Operation, followed: Followed) -> dict[UUID, UUID]:
    return {heir.heir_of: heir.heir_id for heir in kept(operation.changes, Heir) if heir.heir_of in followed.closed}


def _goals(session: Session, operation: Operation, held: _Held, followed: Followed) -> dict[UUID, UUID]:
    """Of each community that goes elsewhere, whereto."""
    heirs = _heirs(operation, followed)
    moved = [principal.id for principal in held.principals if principal.school_code in followed.schools]
    touched = following.communities_of_members(session, moved)
    tallies = _tallies(session, list(held.communities))
    goals = {}
    for community in held.communities.values():
        heir, is_torn = heirs.get(community.delegation_id), community.delegation_id in followed.left
        if heir is not None or (is_torn and community.id in touched):
            goals[community.id] = community.goes_to(tallies[community.id], heir)
    return {id: goal for id, goal in goals.items() if goal != held.communities[id].delegation_id}


def _tallies(session: Session, community_ids: list[UUID]) -> dict[UUID, Counter[UUID]]:
    tallies: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for community_id, delegation_id, count in following.members_by_delegation(session, community_ids):
        tallies[community_id][delegation_id] = count
    return tallies


def _move(session: Session, held: _Held, goals: Mapping[UUID, UUID]) -> None:
    """With their elections: another Delegue confirms from now on."""
    for community_id, goal in goals.items():
        held.communities[community_id].move(goal)
    for election in following.elections_of(session, list(goals)):
        election.belongs_to(goals[election.community_id])


def _demand_nobody_left(operation: Operation, held: _Held, followed: Followed) -> None:
    """A Delegation that is no more has an heir, or nobody."""
    codes = {change.unit_id: change.shown.code for change in kept(operation.changes, Change)}
    homes = [
        *(each.delegation_id for each in held.communities.values()),
        *(each.delegation_id for each in held.principals),
    ]
    left = set(homes) & followed.closed
    if left:
        raise Refused("unit.people_left", unit=codes[min(left)])
