"""What can be done: one function per verb; the first lines say who may."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from shared.domain.actor import Actor, permit
from shared.domain.refusals import NotFound
from shared.events import CommunityPlanned, CoordinatorConfirmed, MemberJoined, MemberLeft

from . import queries
from .model import Invitation, Meeting, MeetingState, Minutes
from .projections import Community, Member, UnknownCommunity, UnknownMember

COORDINATOR_ONLY = "Only the community's confirmed coordinator may do this."
INVITATIONS = [selectinload(Meeting.invitations)]


def plan_meeting(session: Session, actor: Actor, community_id: UUID, **wish: Any) -> Meeting:
    community = queries.community_for(session, actor, community_id)
    permit(actor.is_(community.coordinator_id), COORDINATOR_ONLY)
    members = queries.member_ids(session, community_id)
    meeting = Meeting.plan(community_id=community_id, convener_id=actor.principal_id, member_ids=members, **wish)
    session.add(meeting)
    return meeting


def schedule_meeting(session: Session, actor: Actor, meeting_id: UUID, **wish: Any) -> Meeting:
    meeting = _meeting_of_coordinator(session, actor, meeting_id)
    members = queries.member_ids(session, meeting.community_id)
    meeting.schedule(**wish, invitee_ids=members, now=datetime.now(UTC))
    return meeting


def reschedule_meeting(session: Session, actor: Actor, meeting_id: UUID, **wish: Any) -> Meeting:
    meeting = _meeting_of_coordinator(session, actor, meeting_id)
    members = queries.member_ids(session, meeting.community_id)
    meeting.reschedule(**wish, invitee_ids=members, now=datetime.now(UTC))
    return meeting


def cancel_meeting(session: Session, actor: Actor, meeting_id: UUID, reason: str) -> Meeting:
    meeting = _meeting_of_coordinator(session, actor, meeting_id)
    meeting.cancel(reason)
    return meeting


def answer_invitation(session: Session, actor: Actor, meeting_id: UUID, **said: Any) -> Meeting:
    # Locked against moving and cancelling, not against other answers.
    meeting = queries.meeting_for(session, actor, meeting_id, options=INVITATIONS, with_for_update={"read": True})
    permit(queries.is_member(session, actor, meeting.community_id), "Only members answer, each for themselves.")
    meeting.answer(actor.principal_id, **said, now=datetime.now(UTC))
    return meeting


def hold_meeting(
    session: Session, actor: Actor, meeting_id: UUID, *, present_ids: list[UUID], may_be_early: bool
) -> Meeting:
    meeting = _meeting_of_coordinator(session, actor, meeting_id)
    members = queries.member_ids(session, meeting.community_id)
    meeting.hold(present_ids, member_ids=members, now=datetime.now(UTC), may_be_early=may_be_early)
    return meeting


def write_minutes(session: Session, actor: Actor, meeting_id: UUID, **texts: Any) -> Minutes:
    meeting = _meeting_of_coordinator(session, actor, meeting_id)
    minutes = queries.minutes_of(session, meeting_id) or Minutes.open(meeting)
    minutes.write(**texts, member_ids=queries.member_ids(session, meeting.community_id))
    session.add(minutes)
    return minutes


def publish_minutes(session: Session, actor: Actor, meeting_id: UUID) -> Minutes:
    meeting = _meeting_of_coordinator(session, actor, meeting_id)
    minutes = queries.minutes_of(session, meeting_id)
    if minutes is None:
        raise NotFound("minutes.not_found", "Write the minutes before publishing them.")
    minutes.publish(meeting=meeting, reader_ids=queries.member_ids(session, meeting.community_id))
    return minutes


def _meeting_of_coordinator(session: Session, actor: Actor, meeting_id: UUID) -> Meeting:
    """The meeting, and its community held still: nobody leaves between being counted and being told."""
    meeting = queries.meeting_for(session, actor, meeting_id, options=INVITATIONS)
    community = session.get_one(Community, meeting.community_id, with_for_update=True)
    permit(actor.is_(community.coordinator_id), COORDINATOR_ONLY)
    return meeting


def know_community(session: Session, told: CommunityPlanned) -> None:
    # Merged, so that hearing it again corrects the names and leaves the coordinator.
    session.merge(
        Community(id=told.community_id, delegation_id=told.delegation_id, name_fr=told.name_fr, name_ar=told.name_ar)
    )


def know_coordinator(session: Session, told: CoordinatorConfirmed) -> None:
    community = session.get(Community, told.community_id, with_for_update=True)
    if community is None:
        raise UnknownCommunity(told.community_id)
    community.confirm(told.principal_id)


def know_member(session: Session, told: MemberJoined) -> None:
    key = {"community_id": told.community_id, "principal_id": told.principal_id}
    member = session.get(Member, key) or Member(**key)
    member.join(name_fr=told.name_fr, name_ar=told.name_ar, joined_at=told.joined_at)
    session.add(member)


def let_member_go(session: Session, told: MemberLeft) -> None:
    """No longer a member, no longer coordinator."""
    community = session.get(Community, told.community_id, with_for_update=True)
    member = session.get(Member, {"community_id": told.community_id, "principal_id": told.principal_id})
    if member is None:
        raise UnknownMember(told.principal_id)
    member.leave(told.left_at)
    if community:
        community.lose(told.principal_id)


def withdraw_invitations(session: Session, told: MemberLeft) -> None:
    """To what is still ahead; what was held remembers who was invited."""
    session.execute(delete(Invitation).where(_is_ahead(told)))


def _is_ahead(told: MemberLeft):
    of_community = (Meeting.community_id == told.community_id) & (Meeting.state == MeetingState.SCHEDULED)
    ahead = select(Meeting.id).where(of_community, Meeting.starts_at > datetime.now(UTC))
    return (Invitation.principal_id == told.principal_id) & Invitation.meeting_id.in_(ahead)
