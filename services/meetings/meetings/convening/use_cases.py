"""What can be done with a meeting: one function per verb; the first lines say who may."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from meetings.roster import ROSTER, Community
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.events import CommunityDissolved, MemberLeft

from . import queries
from .model import Invitation, Meeting, MeetingState

INVITATIONS = [selectinload(Meeting.invitations)]


def plan_meeting(session: Session, actor: Actor, community_id: UUID, **wish: Any) -> Meeting:
    # Locked against being dissolved meanwhile, not against other plans.
    found = queries.community(session, community_id, with_for_update={"read": True})
    permit(session, actor, "plan_meeting", found).demand_undissolved()
    members = ROSTER.member_ids(session, community_id)
    meeting = Meeting.plan(community_id=community_id, convener_id=actor.principal_id, member_ids=members, **wish)
    session.add(meeting)
    return meeting


def schedule_meeting(session: Session, actor: Actor, meeting_id: UUID, **wish: Any) -> Meeting:
    meeting = meeting_held_still(session, actor, "schedule_meeting", meeting_id)
    demand_seen(session, meeting)
    members = ROSTER.member_ids(session, meeting.community_id)
    meeting.schedule(**wish, invitee_ids=members, now=datetime.now(UTC))
    return meeting


def reschedule_meeting(session: Session, actor: Actor, meeting_id: UUID, **wish: Any) -> Meeting:
    meeting = meeting_held_still(session, actor, "reschedule_meeting", meeting_id)
    demand_seen(session, meeting)
    members = ROSTER.member_ids(session, meeting.community_id)
    meeting.reschedule(**wish, invitee_ids=members, now=datetime.now(UTC))
    return meeting


def cancel_meeting(session: Session, actor: Actor, meeting_id: UUID, reason: str) -> Meeting:
    meeting = meeting_held_still(session, actor, "cancel_meeting", meeting_id)
    demand_seen(session, meeting)
    meeting.cancel(reason)
    return meeting


def answer_invitation(session: Session, actor: Actor, meeting_id: UUID, **said: Any) -> Meeting:
    # Locked against moving and cancelling, not against other answers.
    found = queries.meeting(session, meeting_id, options=INVITATIONS, with_for_update={"read": True})
    meeting = permit(session, actor, "answer_invitation", found)
    demand_seen(session, meeting)
    meeting.answer(actor.as_principal(), **said, now=datetime.now(UTC))
    return meeting


def hold_meeting(session: Session, actor: Actor, meeting_id: UUID, *, present_ids: list[UUID]) -> Meeting:
    meeting = meeting_held_still(session, actor, "hold_meeting", meeting_id)
    demand_seen(session, meeting)
    members = ROSTER.member_ids(session, meeting.community_id)
    meeting.hold(
        present_ids,
        member_ids=members,
        now=datetime.now(UTC),
        may_be_early=session.info["settings"].may_be_held_early == 1,
    )
    return meeting


def meeting_held_still(session: Session, actor: Actor, verb: str, meeting_id: UUID) -> Meeting:
    """The meeting, and its community locked: nobody leaves between being counted and being event."""
    found = queries.meeting(session, meeting_id, options=INVITATIONS)
    meeting = permit(session, actor, "get_meeting", found)
    session.get_one(Community, meeting.community_id, with_for_update=True)
    return permit(session, actor, verb, meeting)


def cancel_meetings(session: Session, event: CommunityDissolved) -> None:
    """What is still ahead; who was invited is event. What was held stays."""
    for meeting in queries.meetings_ahead(session, event.community_id, datetime.now(UTC), options=INVITATIONS):
        meeting.cancel(event.reason)


def withdraw_invitations(session: Session, event: MemberLeft) -> None:
    """To what is still ahead; what was held remembers who was invited."""
    session.execute(delete(Invitation).where(_is_ahead(event)))


def _is_ahead(event: MemberLeft):
    of_community = (Meeting.community_id == event.community_id) & (Meeting.state == MeetingState.SCHEDULED)
    ahead = select(Meeting.id).where(of_community, Meeting.starts_at > datetime.now(UTC))
    return (Invitation.principal_id == event.principal_id) & Invitation.meeting_id.in_(ahead)
