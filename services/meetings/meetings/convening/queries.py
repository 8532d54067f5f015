"""What can be asked about meetings; the first line says by whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings.roster import ROSTER, Community, Member
from shared.domain.actor import Actor
from shared.domain.paging import Page, every, page
from shared.domain.policy import permit
from shared.domain.refusals import NotFound
from shared.roster import CommunityCard

from .model import Invitation, Meeting, MeetingState


@dataclass(frozen=True)
class NamedInvitation:
    """An invitation with the name of who was invited; `member` is None only if membership never told of them."""

    invitation: Invitation
    member: Member | None


@dataclass(frozen=True)
class OwnInvitation:
    """What one member was asked, and what they said."""

    meeting: Meeting
    invitation: Invitation
    community: Community


def community(session: Session, community_id: UUID, **how: Any) -> Community | None:
    return session.get(Community, community_id, **how)


def meeting(session: Session, meeting_id: UUID, **how: Any) -> Meeting | None:
    """`how` goes to `Session.get`: what to load along, what to lock."""
    return session.get(Meeting, meeting_id, **how)


def community_card(session: Session, actor: Actor, community_id: UUID) -> CommunityCard:
    return ROSTER.card(session, permit(session, actor, "get_community", community(session, community_id)))


def meeting_for(session: Session, actor: Actor, meeting_id: UUID) -> Meeting:
    return permit(session, actor, "get_meeting", meeting(session, meeting_id))


def meetings_of(session: Session, actor: Actor, community_id: UUID, **where: Any) -> Page:
    permit(session, actor, "list_meetings", community(session, community_id))
    return page(session, select(Meeting).where(Meeting.community_id == community_id), Meeting.id, **where)


def meetings_ahead(session: Session, community_id: UUID, now: datetime, *, options: Sequence[Any]) -> Sequence[Meeting]:
    """Plans without a date, and dates to come."""
    is_ahead = (Meeting.state == MeetingState.SCHEDULED) & (Meeting.starts_at > now)
    theirs = (Meeting.community_id == community_id) & ((Meeting.state == MeetingState.PLANNED) | is_ahead)
    return session.scalars(select(Meeting).where(theirs).options(*options).order_by(Meeting.id).with_for_update()).all()


def own_invitation(session: Session, actor: Actor, meeting_id: UUID) -> OwnInvitation:
    """For whoever may answer it."""
    asked = permit(session, actor, "answer_invitation", meeting(session, meeting_id))
    mine = select(Invitation).where(Invitation.meeting_id == meeting_id, Invitation.principal_id == actor.principal_id)
    found = session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound("meeting.not_found")
    return OwnInvitation(asked, found, session.get_one(Community, asked.community_id))


def answers(session: Session, actor: Actor, meeting_id: UUID, **where: Any) -> Page:
    asked = permit(session, actor, "list_answers", meeting(session, meeting_id))
    found = page(session, select(Invitation).where(Invitation.meeting_id == meeting_id), Invitation.id, **where)
    members = _members(session, asked.community_id, [invitation.principal_id for invitation in found.items])
    named = [NamedInvitation(invitation, members.get(invitation.principal_id)) for invitation in found.items]
    return Page(named, found.next)


def _members(session: Session, community_id: UUID, principal_ids: list[UUID]) -> dict[UUID, Member]:
    wanted = select(Member).where(Member.community_id == community_id, Member.principal_id.in_(principal_ids))
    return {member.principal_id: member for member in session.scalars(wanted)}


def every_meeting_of(session: Session, community_ids: Collection[UUID]) -> Iterator[Meeting]:
    return every(session, select(Meeting).where(Meeting.community_id.in_(community_ids)), Meeting.id)
