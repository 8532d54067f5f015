"""Questions about joining: who asks a community, and what a principal finds: their communities, and those nearby."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from membership.communities import AT_ONCE, Community, CommunityState, community
from membership.organisation import Delegation
from membership.people import Principal, oneself
from shared.domain.actor import Actor
from shared.domain.paging import Page, every, page
from shared.domain.policy import EVERYTHING, permit

from ..model.membership import Membership, MembershipState
from .members import membership

M = MembershipState


@dataclass(frozen=True)
class Belonging:
    """How somebody stands to a community, and which that is."""

    membership: Membership
    community: Community


@dataclass(frozen=True)
class Neighbour:
    """A community that can be asked, and how many belong to it; who they are is not told."""

    community: Community
    size: int


@dataclass(frozen=True)
class Asking:
    """A request, and whose it is: whoever decides does not decide about a number."""

    membership: Membership
    principal: Principal


def requests(session: Session, actor: Actor, community_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Those that wait for an answer."""
    permit(session, actor, "list_requests", community(session, community_id))
    rows = select(Membership).where(Membership.community_id == community_id, Membership.state == M.REQUESTED)
    found = page(session, rows, Membership.id, after=after, limit=limit)
    asking = select(Principal).where(Principal.id.in_([one.principal_id for one in found.items]))
    by_id = {one.id: one for one in session.scalars(asking)}
    return replace(found, items=[Asking(one, by_id[one.principal_id]) for one in found.items])


def my_communities(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    """All that the caller was ever invited to or has asked."""
    permit(session, actor, "list_my_communities", EVERYTHING)
    mine = select(Membership).where(Membership.principal_id == actor.principal_id)
    found = page(session, mine, Membership.id, after=after, limit=limit)
    theirs = select(Community).where(Community.id.in_([one.community_id for one in found.items]))
    by_id = {one.id: one for one in session.scalars(theirs)}
    return replace(found, items=[Belonging(one, by_id[one.community_id]) for one in found.items])


def nearby_communities(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    """What the caller may ask to join: the communities of their Delegation, and open ones of their academy."""
    permit(session, actor, "list_neighbourhood", EVERYTHING)
    nearby = select(Community).where(_is_near(session, oneself(session, actor)), *_not_yet(actor))
    found = page(session, nearby, Community.id, after=after, limit=limit)
    sizes = _sizes(session, [one.id for one in found.items])
    return replace(found, items=[Neighbour(one, sizes.get(one.id, 0)) for one in found.items])


def _is_near(session: Session, principal: Principal | None) -> ColumnElement[bool]:
    """The same as `Community.can_be_asked_by`, for a list."""
    if principal is None or principal.erased_at:
        return ~true()
    mine = session.get_one(Delegation, principal.delegation_id)
    is_ours = Delegation.academy_id.is_not(None) & (Delegation.academy_id == mine.academy_id)
    of_academy = select(Delegation.id).where(is_ours)
    is_open_there = Community.is_open & ~Community.is_home & Community.delegation_id.in_(of_academy)
    return (Community.delegation_id == mine.id) | is_open_there


def _not_yet(actor: Actor) -> Iterator[ColumnElement[bool]]:
    held = (M.INVITED, M.REQUESTED, M.MEMBER)
    mine = select(Membership.community_id).where(Membership.principal_id == actor.principal_id)
    yield Community.state != CommunityState.DISSOLVED
    yield Community.id.not_in(mine.where(Membership.state.in_(held)))


def _sizes(session: Session, community_ids: Collection[UUID]) -> dict[UUID, int]:
    members = select(Membership.community_id, func.count()).where(Membership.community_id.in_(community_ids))
    counted = members.where(Membership.state == M.MEMBER).group_by(Membership.community_id)
    return dict(session.execute(counted).all())


def unanswered_requests(session: Session, now: datetime) -> Sequence[Membership]:
    late = select(Membership).where(Membership.state == M.REQUESTED, Membership.answer_by < now)
    return session.scalars(late.order_by(Membership.answer_by).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def refused_in(session: Session, community_ids: Sequence[UUID]) -> Iterator[Membership]:
    """Whoever was refused there, with a reason that may name others."""
    there = Membership.community_id.in_(community_ids) & Membership.refusal_reason.is_not(None)
    return every(session, select(Membership).where(there), Membership.id)


@dataclass(frozen=True)
class OwnInvitation:
    """What a principal was asked, and how it stands."""

    community: Community
    membership: Membership


def own_invitation(session: Session, actor: Actor, community_id: UUID, verb: str) -> OwnInvitation:
    """For whoever may answer it; `verb` is the answer."""
    found = permit(session, actor, verb, community(session, community_id))
    return OwnInvitation(found, membership(session, community_id, actor.principal_id))
