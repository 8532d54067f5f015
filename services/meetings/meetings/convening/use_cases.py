"""What can be done: one function per verb; the first lines say who may."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from shared.domain import links, units
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import NotFound
from shared.domain.seen import demand_seen
from shared.events import (
    ArchiveAsked,
    ArchiveDeleted,
    CommunityDissolved,
    CommunityMoved,
    CommunityPlanned,
    CompanionGiven,
    CompanionWithdrawn,
    CoordinatorConfirmed,
    DelegationRegistered,
    LinksRevoked,
    MeetingsPartGathered,
    MemberJoined,
    MemberLeft,
    PrincipalErased,
)
from shared.messaging import archiving, erasure
from shared.web import idempotency

from . import queries
from .model import Invitation, Meeting, MeetingState, Minutes
from .projections import Accompaniment, Community, Member, UnknownCommunity, UnknownMember

INVITATIONS = [selectinload(Meeting.invitations)]


def plan_meeting(session: Session, actor: Actor, community_id: UUID, **wish: Any) -> Meeting:
    # Locked against being dissolved meanwhile, not against other plans.
    found = queries.community(session, community_id, with_for_update={"read": True})
    permit(session, actor, "plan_meeting", found).demand_undissolved()
    members = queries.member_ids(session, community_id)
    meeting = Meeting.plan(community_id=community_id, convener_id=actor.principal_id, member_ids=members, **wish)
    session.add(meeting)
    return meeting


def schedule_meeting(session: Session, actor: Actor, meeting_id: UUID, **wish: Any) -> Meeting:
    meeting = _meeting_held_still(session, actor, "schedule_meeting", meeting_id)
    demand_seen(session, meeting)
    members = queries.member_ids(session, meeting.community_id)
    meeting.schedule(**wish, invitee_ids=members, now=datetime.now(UTC))
    return meeting


def reschedule_meeting(session: Session, actor: Actor, meeting_id: UUID, **wish: Any) -> Meeting:
    meeting = _meeting_held_still(session, actor, "reschedule_meeting", meeting_id)
    demand_seen(session, meeting)
    members = queries.member_ids(session, meeting.community_id)
    meeting.reschedule(**wish, invitee_ids=members, now=datetime.now(UTC))
    return meeting


def cancel_meeting(session: Session, actor: Actor, meeting_id: UUID, reason: str) -> Meeting:
    meeting = _meeting_held_still(session, actor, "cancel_meeting", meeting_id)
    demand_seen(session, meeting)
    meeting.cancel(reason)
    return meeting


def answer_invitation(session: Session, actor: Actor, meeting_id: UUID, **said: Any) -> Meeting:
    # Locked against moving and cancelling, not against other answers.
    found = queries.meeting(session, meeting_id, options=INVITATIONS, with_for_update={"read": True})
    meeting = permit(session, actor, "answer_invitation", found)
    demand_seen(session, meeting)
    meeting.answer(actor.principal_id, **said, now=datetime.now(UTC))
    return meeting


def hold_meeting(session: Session, actor: Actor, meeting_id: UUID, *, present_ids: list[UUID]) -> Meeting:
    meeting = _meeting_held_still(session, actor, "hold_meeting", meeting_id)
    demand_seen(session, meeting)
    members = queries.member_ids(session, meeting.community_id)
    meeting.hold(
        present_ids,
        member_ids=members,
        now=datetime.now(UTC),
        may_be_early=session.info["settings"].may_be_held_early == 1,
    )
    return meeting


def write_minutes(session: Session, actor: Actor, meeting_id: UUID, **texts: Any) -> Minutes:
    meeting = _meeting_held_still(session, actor, "write_minutes", meeting_id)
    written = queries.minutes_of(session, meeting_id)
    demand_seen(session, written)
    minutes = written or Minutes.open(meeting)
    minutes.write(**texts, member_ids=queries.member_ids(session, meeting.community_id))
    session.add(minutes)
    return minutes


def publish_minutes(session: Session, actor: Actor, meeting_id: UUID) -> Minutes:
    meeting = _meeting_held_still(session, actor, "publish_minutes", meeting_id)
    minutes = queries.minutes_of(session, meeting_id)
    if minutes is None:
        raise NotFound("minutes.not_found")
    demand_seen(session, minutes)
    minutes.publish(meeting=meeting, reader_ids=queries.member_ids(session, meeting.community_id))
    return minutes


def _meeting_held_still(session: Session, actor: Actor, verb: str, meeting_id: UUID) -> Meeting:
    """The meeting, and its community locked: nobody leaves between being counted and being told."""
    found = queries.meeting(session, meeting_id, options=INVITATIONS)
    meeting = permit(session, actor, "get_meeting", found)
    session.get_one(Community, meeting.community_id, with_for_update=True)
    return permit(session, actor, verb, meeting)


def know_community(session: Session, told: CommunityPlanned) -> None:
    # Merged, so that hearing it again corrects the names and leaves the coordinator.
    session.merge(
        Community(id=told.community_id, delegation_id=told.delegation_id, name_fr=told.name_fr, name_ar=told.name_ar)
    )


def know_place(session: Session, told: CommunityMoved) -> None:
    community = session.get(Community, told.community_id, with_for_update=True)
    if community is None:
        raise UnknownCommunity(told.community_id)
    community.move(told.delegation_id)


def know_dissolution(session: Session, told: CommunityDissolved) -> None:
    community = session.get(Community, told.community_id, with_for_update=True)
    if community is None:
        raise UnknownCommunity(told.community_id)
    community.dissolve()


def cancel_meetings(session: Session, told: CommunityDissolved) -> None:
    """What is still ahead; who was invited is told. What was held stays."""
    for meeting in queries.meetings_ahead(session, told.community_id, datetime.now(UTC), options=INVITATIONS):
        meeting.cancel(told.reason)


def know_coordinator(session: Session, told: CoordinatorConfirmed) -> None:
    community = session.get(Community, told.community_id, with_for_update=True)
    if community is None:
        raise UnknownCommunity(told.community_id)
    community.confirm(told.principal_id)


def know_unit(session: Session, told: DelegationRegistered) -> None:
    units.place(session, told.delegation_id, told.academy_id)


def know_companion(session: Session, told: CompanionGiven) -> None:
    _accompaniment(session, told).begin(told.given_at)


def let_companion_go(session: Session, told: CompanionWithdrawn) -> None:
    _accompaniment(session, told).end(told.withdrawn_at)


def _accompaniment(session: Session, told: CompanionGiven | CompanionWithdrawn) -> Accompaniment:
    key = {"community_id": told.community_id, "companion_id": told.companion_id}
    found = session.get(Accompaniment, key) or Accompaniment(**key)
    session.add(found)
    return found


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


def erase_person(session: Session, told: PrincipalErased) -> None:
    """What the community remembers stays; nothing in it names them."""
    traces = queries.traces_of(session, told.principal_id)
    for meeting in queries.every_meeting_of(session, told.community_ids):
        meeting.leave_out(traces)
    for minutes in queries.all_minutes_of(session, told.community_ids):
        minutes.leave_out(traces)
    session.flush()
    erasure.erase(session, told.principal_id, told.community_ids, traces)
    idempotency.forget_person(session, told.principal_id, traces)


def forget_names(session: Session, told: PrincipalErased) -> None:
    for member in queries.rows_of_member(session, told.principal_id):
        member.forget()


def gather_archive(session: Session, asked: ArchiveAsked) -> None:
    archiving.gather(session, asked, MeetingsPartGathered, queries.everything_about(session, asked.principal_id))


def blank_archive(session: Session, told: ArchiveDeleted) -> None:
    archiving.blank(session, told.archive_id)


def revoke_links(session: Session, told: LinksRevoked) -> None:
    links.revoke(session, told.principal_id, told.revoked_at)
