"""What can be asked, and who may see it: for everybody else there is no such thing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor, permit
from shared.domain.paging import Page, page
from shared.domain.refusals import NotFound

from .model import Invitation, Meeting, Minutes, MinutesState
from .projections import Community, Member

CURRENT = Member.has_left.is_(False)


@dataclass(frozen=True)
class CommunityCard:
    """A community at a glance."""

    community: Community
    member_count: int


@dataclass(frozen=True)
class NamedInvitation:
    """An invitation with the name of who was invited; `member` is None only if membership never told of them."""

    invitation: Invitation
    member: Member | None


def is_member(session: Session, actor: Actor, community_id: UUID) -> bool:
    member = actor.principal_id and session.get(Member, (community_id, actor.principal_id))
    return bool(member) and not member.has_left


def member_ids(session: Session, community_id: UUID) -> list[UUID]:
    current = select(Member.principal_id).where(Member.community_id == community_id, CURRENT)
    return list(session.scalars(current.order_by(Member.principal_id)))


def community_for(session: Session, actor: Actor, community_id: UUID) -> Community:
    """Seen by its members and by those who work for its Delegation."""
    community = session.get(Community, community_id)
    if community is None or not _may_see(session, actor, community):
        raise NotFound("community.not_found", "There is no such community, or it is not open to you.")
    return community


def _may_see(session: Session, actor: Actor, community: Community) -> bool:
    return is_member(session, actor, community.id) or actor.works_for(community.delegation_id)


def community_card(session: Session, actor: Actor, community_id: UUID) -> CommunityCard:
    community = community_for(session, actor, community_id)
    counted = select(func.count()).select_from(Member).where(Member.community_id == community_id, CURRENT)
    return CommunityCard(community, session.scalar(counted))


def meeting_for(session: Session, actor: Actor, meeting_id: UUID, **how: Any) -> Meeting:
    """Seen by whoever sees its community. `how` goes to `Session.get`: what to load along, what to lock."""
    meeting = session.get(Meeting, meeting_id, **how)
    community = meeting and session.get(Community, meeting.community_id)
    if community is None or not _may_see(session, actor, community):
        raise NotFound("meeting.not_found", "There is no such meeting, or it is not open to you.")
    return meeting


def meetings_of(session: Session, actor: Actor, community_id: UUID, **where: Any) -> Page:
    community_for(session, actor, community_id)
    return page(session, select(Meeting).where(Meeting.community_id == community_id), Meeting.id, **where)


def answers(session: Session, actor: Actor, meeting_id: UUID, **where: Any) -> Page:
    """Who comes is for the members: above the community, nobody keeps a roll."""
    meeting = meeting_for(session, actor, meeting_id)
    permit(is_member(session, actor, meeting.community_id), "Only members of the community see the answers.")
    found = page(session, select(Invitation).where(Invitation.meeting_id == meeting_id), Invitation.id, **where)
    members = _members(session, meeting.community_id, [invitation.principal_id for invitation in found.items])
    named = [NamedInvitation(invitation, members.get(invitation.principal_id)) for invitation in found.items]
    return Page(named, found.next)


def _members(session: Session, community_id: UUID, principal_ids: list[UUID]) -> dict[UUID, Member]:
    wanted = select(Member).where(Member.community_id == community_id, Member.principal_id.in_(principal_ids))
    return {member.principal_id: member for member in session.scalars(wanted)}


def minutes_of(session: Session, meeting_id: UUID) -> Minutes | None:
    return session.scalars(select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()


def minutes_for(session: Session, actor: Actor, meeting_id: UUID) -> dict[str, Any]:
    """Members read all, drafts too; those who work for the Delegation read what is published, less the discussion."""
    meeting = meeting_for(session, actor, meeting_id)
    as_member = is_member(session, actor, meeting.community_id)
    minutes = minutes_of(session, meeting_id)
    if minutes is None or not (as_member or minutes.state is MinutesState.PUBLISHED):
        raise NotFound("minutes.not_found", "There are no minutes to read yet.")
    return minutes.read(as_member=as_member)
