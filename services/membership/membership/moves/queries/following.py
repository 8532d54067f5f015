"""Questions about people and communities that follow units to another Delegation; what may change is locked."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from membership.communities import KEEPS_ITS_KEY, Community
from membership.elections import Election
from membership.joining import Membership, MembershipState
from membership.people import Principal
from membership.planning import PENDING, Plan
from shared.domain.database import among

from ..model.carried import CarriedPrincipal


def hold_communities_of(
    session: Session, delegation_ids: Collection[UUID], also: Collection[UUID]
) -> dict[UUID, Community]:
    """All of these Delegations: who of them joins or leaves a community meanwhile is not to be missed."""
    theirs = or_(among(session, Community.delegation_id, delegation_ids), among(session, Community.id, also))
    wanted = select(Community).where(theirs).order_by(Community.id).with_for_update(**KEEPS_ITS_KEY)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return {community.id: community for community in found}


def hold_elections_of(session: Session, community_ids: Collection[UUID]) -> None:
    """After their communities, before people: who stands holds the election, and then themself."""
    theirs = select(Election.id).where(among(session, Election.community_id, community_ids)).order_by(Election.id)
    session.scalars(theirs.with_for_update(**KEEPS_ITS_KEY)).all()


def hold_plans_of(session: Session, delegation_ids: Collection[UUID], also: Collection[UUID]) -> dict[UUID, Plan]:
    """Of these Delegations what was neither adopted nor given up. Before people: a result is written in that order."""
    theirs = among(session, Plan.delegation_id, list(delegation_ids)) & Plan.state.in_(PENDING)
    wanted = select(Plan).where(or_(theirs, among(session, Plan.id, list(also)))).order_by(Plan.id)
    held = wanted.with_for_update(**KEEPS_ITS_KEY).execution_options(populate_existing=True)
    return {plan.id: plan for plan in session.scalars(held)}


def hold_principals_of(
    session: Session, school_codes: Collection[str], delegation_ids: Collection[UUID], also: Collection[UUID]
) -> Sequence[Principal]:
    """Who heads one of these schools, or is of one of these Delegations; the erased too: they are counted there."""
    heads = among(session, Principal.school_code, school_codes)
    theirs = among(session, Principal.delegation_id, delegation_ids)
    wanted = select(Principal).where(or_(heads, theirs, among(session, Principal.id, also))).order_by(Principal.id)
    held = wanted.with_for_update(**KEEPS_ITS_KEY).execution_options(populate_existing=True)
    return session.scalars(held).all()


def carried_principals(session: Session, operation_id: UUID) -> Sequence[CarriedPrincipal]:
    return session.scalars(select(CarriedPrincipal).where(CarriedPrincipal.operation_id == operation_id)).all()


def communities_of_members(session: Session, principal_ids: Collection[UUID]) -> set[UUID]:
    theirs = among(session, Membership.principal_id, principal_ids) & (Membership.state == MembershipState.MEMBER)
    return set(session.scalars(select(Membership.community_id).where(theirs)))


def members_by_delegation(session: Session, community_ids: Collection[UUID]) -> Sequence[Any]:
    """Of each community, how many members' schools lie in which Delegation."""
    members = (
        select(Membership.community_id, Principal.delegation_id, func.count())
        .join(Principal, Principal.id == Membership.principal_id)
        .where(among(session, Membership.community_id, community_ids), Membership.state == MembershipState.MEMBER)
    )
    return session.execute(members.group_by(Membership.community_id, Principal.delegation_id)).all()


def elections_of(session: Session, community_ids: Collection[UUID]) -> Sequence[Election]:
    """Which are held."""
    theirs = select(Election).where(among(session, Election.community_id, community_ids))
    return session.scalars(theirs.execution_options(populate_existing=True)).all() if community_ids else []
