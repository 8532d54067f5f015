"""Questions about people and communities that follow units to another Delegation."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from membership.model import Community, Election, Membership, MembershipState, Principal
from shared.domain.database import among


def principals_heading(session: Session, codes: Collection[str]) -> Sequence[Principal]:
    """Who heads one of these schools; locked, always in the same order."""
    return _held_principals(session, among(session, Principal.school_code, list(codes))) if codes else []


def principals_of(session: Session, delegation_ids: Collection[UUID]) -> Sequence[Principal]:
    """All of them, those who were erased too: they are counted there."""
    return _held_principals(session, among(session, Principal.delegation_id, delegation_ids)) if delegation_ids else []


def principals_by_id(session: Session, ids: Collection[UUID]) -> Sequence[Principal]:
    return _held_principals(session, among(session, Principal.id, ids)) if ids else []


def communities_concerned(
    session: Session, left: Collection[UUID], moved: Collection[UUID], closed: Collection[UUID]
) -> Sequence[Community]:
    """Those of a Delegation that is closed, or that some members' schools have left; locked, in the same order."""
    theirs = select(Membership.community_id).where(
        among(session, Membership.principal_id, moved), Membership.state == MembershipState.MEMBER
    )
    concerned = among(session, Community.delegation_id, list(left)) & Community.id.in_(theirs)
    wanted = select(Community).where(or_(concerned, among(session, Community.delegation_id, closed)))
    return session.scalars(wanted.order_by(Community.id).with_for_update(key_share=True)).all()


def members_by_delegation(session: Session, community_ids: Collection[UUID]) -> Sequence[Any]:
    """Of each community, how many members' schools lie in which Delegation."""
    members = (
        select(Membership.community_id, Principal.delegation_id, func.count())
        .join(Principal, Principal.id == Membership.principal_id)
        .where(among(session, Membership.community_id, community_ids), Membership.state == MembershipState.MEMBER)
    )
    return session.execute(members.group_by(Membership.community_id, Principal.delegation_id)).all()


def elections_of(session: Session, community_ids: Collection[UUID]) -> Sequence[Election]:
    wanted = select(Election).where(among(session, Election.community_id, community_ids)).order_by(Election.id)
    return session.scalars(wanted.with_for_update()).all() if community_ids else []


def _held_principals(session: Session, those: Any) -> Sequence[Principal]:
    return session.scalars(select(Principal).where(those).order_by(Principal.id).with_for_update(key_share=True)).all()
