"""What can be asked; the first line says by whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared.domain.actor import Actor
from shared.domain.erasure import Traces
from shared.domain.paging import Page, every, page
from shared.domain.policy import allows, permit
from shared.domain.refusals import NotFound
from shared.messaging.archiving import Holding, Record, records

from .model import Invitation, Meeting, MeetingState, Minutes, MinutesAsRead, MinutesState
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


@dataclass(frozen=True)
class OwnInvitation:
    """What one member was asked, and what they said."""

    meeting: Meeting
    invitation: Invitation
    community: Community


def member_ids(session: Session, community_id: UUID) -> list[UUID]:
    current = select(Member.principal_id).where(Member.community_id == community_id, CURRENT)
    return list(session.scalars(current.order_by(Member.principal_id)))


def community(session: Session, community_id: UUID, **how: Any) -> Community | None:
    return session.get(Community, community_id, **how)


def meeting(session: Session, meeting_id: UUID, **how: Any) -> Meeting | None:
    """`how` goes to `Session.get`: what to load along, what to lock."""
    return session.get(Meeting, meeting_id, **how)


def community_card(session: Session, actor: Actor, community_id: UUID) -> CommunityCard:
    found = permit(session, actor, "get_community", community(session, community_id))
    counted = select(func.count()).select_from(Member).where(Member.community_id == community_id, CURRENT)
    return CommunityCard(found, session.scalar(counted))


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
    return OwnInvitation(asked, found, community(session, asked.community_id))


def answers(session: Session, actor: Actor, meeting_id: UUID, **where: Any) -> Page:
    asked = permit(session, actor, "list_answers", meeting(session, meeting_id))
    found = page(session, select(Invitation).where(Invitation.meeting_id == meeting_id), Invitation.id, **where)
    members = _members(session, asked.community_id, [invitation.principal_id for invitation in found.items])
    named = [NamedInvitation(invitation, members.get(invitation.principal_id)) for invitation in found.items]
    return Page(named, found.next)


def _members(session: Session, community_id: UUID, principal_ids: list[UUID]) -> dict[UUID, Member]:
    wanted = select(Member).where(Member.community_id == community_id, Member.principal_id.in_(principal_ids))
    return {member.principal_id: member for member in session.scalars(wanted)}


def minutes_of(session: Session, meeting_id: UUID) -> Minutes | None:
    return session.scalars(select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()


def minutes_for(session: Session, actor: Actor, meeting_id: UUID) -> MinutesAsRead:
    """Members read all, drafts too; whoever else may, reads what is published, less the discussion."""
    asked = permit(session, actor, "get_minutes", meeting(session, meeting_id))
    as_member = allows(session, actor, "read_discussion", asked)
    minutes = minutes_of(session, meeting_id)
    if minutes is None or not (as_member or minutes.state is MinutesState.PUBLISHED):
        raise NotFound("minutes.not_found")
    return minutes.read(as_member=as_member)


COMMUNITY = ("id", "name_fr", "name_ar")
MEMBERSHIP = ("community_id", "name_fr", "name_ar", "joined_at", "has_left")
MEETING = ("id", "community_id", "state", "subject", "activity", "modality", "starts_at", "zone", "place",
           "duration_minutes", "held_at", "cancellation_reason")  # fmt: skip
INVITATION = ("meeting_id", "answer", "attendance", "answered_at", "present")


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    """What this service holds about one person, for the archive that they are owed."""
    yield from records(session, [*_belonging(principal_id), *_meetings(principal_id)])
    yield from _agenda_items(session, principal_id)
    yield from _actions(session, principal_id)


def _belonging(id: UUID) -> Iterator[Holding]:
    theirs = select(Member).where(Member.principal_id == id)
    yield Holding("memberships", theirs, Member.community_id, MEMBERSHIP)
    named = select(Community).where(Community.id.in_(_communities_of(id)))
    yield Holding("communities", named, Community.id, COMMUNITY)
    coordinated = select(Community).where(Community.coordinator_id == id)
    yield Holding("coordinated_communities", coordinated, Community.id, COMMUNITY)


def _meetings(id: UUID) -> Iterator[Holding]:
    """Of minutes, what may leave the community: who wrote the discussion down is not known."""
    invited, convened = Invitation.principal_id == id, Meeting.convener_id == id
    to_these = Meeting.id.in_(select(Invitation.meeting_id).where(invited))
    yield Holding("invitations", select(Invitation).where(invited), Invitation.id, INVITATION)
    yield Holding("meetings_invited_to", select(Meeting).where(to_these), Meeting.id, MEETING)
    yield Holding("meetings_convened", select(Meeting).where(convened), Meeting.id, MEETING)
    written = select(Minutes).where(Minutes.meeting_id.in_(select(Meeting.id).where(convened)))
    yield Holding("minutes_written", written, Minutes.id, ("meeting_id", "state", "summary", "decisions"))


def _agenda_items(session: Session, id: UUID) -> Iterator[Record]:
    ours = Meeting.community_id.in_(_communities_of(id))
    for found in every(session, select(Meeting).where(ours, _names(Meeting.agenda, id)), Meeting.id):
        for item in found.agenda:
            if item["led_by"] == str(id):
                yield "agenda_items_led", {"meeting_id": found.id, **item}


def _actions(session: Session, id: UUID) -> Iterator[Record]:
    ours = Minutes.meeting_id.in_(select(Meeting.id).where(Meeting.community_id.in_(_communities_of(id))))
    for found in every(session, select(Minutes).where(ours, _names(Minutes.actions, id)), Minutes.id):
        for action in found.actions:
            if action["by"] == str(id):
                yield "actions_assigned", {"meeting_id": found.meeting_id, **action}


def _communities_of(id: UUID) -> Select[tuple[UUID]]:
    return select(Member.community_id).where(Member.principal_id == id)


def _names(column: InstrumentedAttribute, id: UUID) -> ColumnElement[bool]:
    """Does the JSON in this column hold this id?"""
    return cast(column, Text).contains(str(id))


def rows_of_member(session: Session, principal_id: UUID) -> Sequence[Member]:
    """One for each community that they ever belonged to."""
    return session.scalars(select(Member).where(Member.principal_id == principal_id)).all()


def traces_of(session: Session, principal_id: UUID) -> Traces:
    rows = rows_of_member(session, principal_id)
    return Traces([row.name_fr for row in rows], [row.name_ar for row in rows])


def every_meeting_of(session: Session, community_ids: Collection[UUID]) -> Iterator[Meeting]:
    return every(session, select(Meeting).where(Meeting.community_id.in_(community_ids)), Meeting.id)


def all_minutes_of(session: Session, community_ids: Collection[UUID]) -> Iterator[Minutes]:
    meetings = select(Meeting.id).where(Meeting.community_id.in_(community_ids))
    return every(session, select(Minutes).where(Minutes.meeting_id.in_(meetings)), Minutes.id)
