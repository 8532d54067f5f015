"""Questions about communities and their members."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from membership.communities import AT_ONCE, community
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import permit
from shared.domain.refusals import NotFound

from ..model.membership import ENDED, Membership, MembershipState


def members(session: Session, actor: Actor, community_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """All who were ever invited or belonged, with how it stands; who asks, and asked in vain, is not for everybody."""
    permit(session, actor, "list_members", community(session, community_id))
    rows = _of(community_id).where(Membership.requested_at.is_(None) | Membership.joined_at.is_not(None))
    return page(session, rows, Membership.id, after=after, limit=limit)


def membership(session: Session, community_id: UUID, principal_id: UUID | None) -> Membership:
    found = session.scalars(_of(community_id).where(Membership.principal_id == principal_id)).one_or_none()
    if found is None:
        raise NotFound("membership.not_found")
    return found


def memberships(session: Session, community_id: UUID, principal_ids: Sequence[UUID]) -> dict[UUID, Membership]:
    found = session.scalars(_of(community_id).where(Membership.principal_id.in_(principal_ids)))
    return {membership.principal_id: membership for membership in found}


def member_ids(session: Session, community_id: UUID) -> list[UUID]:
    current = select(Membership.principal_id).where(
        Membership.community_id == community_id, Membership.state == MembershipState.MEMBER
    )
    return list(session.scalars(current.order_by(Membership.principal_id)))


def is_member(session: Session, community_id: UUID, principal_id: UUID | None) -> bool:
    wanted = _of(community_id).where(
        Membership.principal_id == principal_id, Membership.state == MembershipState.MEMBER
    )
    return session.scalars(wanted).first() is not None


def has_home_elsewhere(session: Session, principal_id: UUID, community_id: UUID) -> bool:
    home = select(Membership).where(
        Membership.principal_id == principal_id,
        Membership.state == MembershipState.MEMBER,
        Membership.is_home,
        Membership.community_id != community_id,
    )
    return session.scalars(home.limit(1)).first() is not None


def unanswered_invitations(session: Session, now: datetime) -> Sequence[Membership]:
    late = select(Membership).where(Membership.state == MembershipState.INVITED, Membership.answer_by < now)
    return session.scalars(late.order_by(Membership.answer_by).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def ended_invitations(session: Session, before: datetime, most: int) -> list[UUID]:
    """The oldest that were declined or have lapsed."""
    old = select(Membership.id).where(ENDED, Membership.answer_by < before).order_by(Membership.answer_by)
    return list(session.scalars(old.limit(most)))


def _of(community_id: UUID) -> Select[Membership]:
    return select(Membership).where(Membership.community_id == community_id)


M = MembershipState


def those_who_belong_or_might(session: Session, community_id: UUID) -> Sequence[Membership]:
    """Members, and all whose invitation or request is open."""
    wanted = (Membership.community_id == community_id) & Membership.state.in_((M.MEMBER, M.INVITED, M.REQUESTED))
    return session.scalars(select(Membership).where(wanted).order_by(Membership.principal_id)).all()
