"""Communities, and people without a post, do not stand in the tree: with whom they go when units change."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Community, Operation, Principal
from membership.model.history import Carried, Heir, kept

from .present import Followed


def carry(session: Session, operation: Operation, followed: Followed) -> list[Carried]:
    """A community goes with most of its members' schools, and stays where they are equal; from what closes, all go."""
    heirs = {heir.heir_of: heir.heir_id for heir in kept(operation.changes, Heir) if heir.heir_of in followed.closed}
    return [*_carry_people(session, heirs), *_carry_communities(session, followed, heirs)]


def _carry_people(session: Session, heirs: Mapping[UUID, UUID]) -> list[Carried]:
    carried = []
    for principal in queries.principals_of(session, list(heirs)):
        carried.append(Carried("principal", principal.id, principal.delegation_id, heirs[principal.delegation_id]))
        principal.correct(delegation_id=heirs[principal.delegation_id])
    session.flush()
    return carried


def _carry_communities(session: Session, followed: Followed, heirs: Mapping[UUID, UUID]) -> list[Carried]:
    moved = [principal.id for principal in followed.principals]
    communities = queries.communities_concerned(session, followed.left, moved, list(heirs))
    tallies = _tallies(session, [community.id for community in communities])
    carried = []
    for community in communities:
        before = community.delegation_id
        goal = community.goes_to(tallies[community.id], heirs.get(before))
        if goal != before:
            community.move(goal)
            carried.append(Carried("community", community.id, before, goal))
    _move_elections(session, {each.id: each.to_id for each in carried})
    return carried


def _tallies(session: Session, community_ids: list[UUID]) -> dict[UUID, Counter[UUID]]:
    tallies: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for community_id, delegation_id, count in queries.members_by_delegation(session, community_ids):
        tallies[community_id][delegation_id] = count
    return tallies


def carry_back(session: Session, operation: Operation) -> None:
    """Where nobody has moved them since."""
    carried = {each.id: each for each in kept(operation.changes, Carried)}
    people = [each.id for each in carried.values() if each.carried == "principal"]
    for principal in queries.principals_by_id(session, people):
        _return(principal, carried[principal.id])
    communities = [each.id for each in carried.values() if each.carried == "community"]
    found = queries.communities_held(session, communities).values()
    returned = [community for community in found if _return(community, carried[community.id])]
    _move_elections(session, {community.id: community.delegation_id for community in returned})
    session.flush()


def _return(thing: Principal | Community, carried: Carried) -> bool:
    is_there = thing.delegation_id == carried.to_id
    if is_there and isinstance(thing, Community):
        thing.move(carried.from_id)
    elif is_there:
        thing.correct(delegation_id=carried.from_id)
    return is_there


def _move_elections(session: Session, goals: Mapping[UUID, UUID]) -> None:
    for election in queries.elections_of(session, list(goals)):
        election.belongs_to(goals[election.community_id])
