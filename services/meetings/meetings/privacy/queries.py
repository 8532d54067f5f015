"""What this service holds about one person."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from meetings.convening import Invitation, Meeting
from meetings.minutes import Minutes
from meetings.roster import ROSTER
from shared.domain.paging import every
from shared.messaging.archiving import Holding, Record, records

MEETING = ("id", "community_id", "state", "subject", "activity", "modality", "starts_at", "zone", "place",
           "duration_minutes", "held_at", "cancellation_reason")  # fmt: skip


INVITATION = ("meeting_id", "answer", "attendance", "answered_at", "present")


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    """What this service holds about one person, for the archive that they are owed."""
    yield from records(session, [*ROSTER.holdings(principal_id), *_meetings(principal_id)])
    yield from _agenda_items(session, principal_id)
    yield from _actions(session, principal_id)


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
    ours = Meeting.community_id.in_(ROSTER.ever_in(id))
    for found in every(session, select(Meeting).where(ours, _names(Meeting.agenda, id)), Meeting.id):
        for item in found.agenda:
            if item["led_by"] == str(id):
                yield "agenda_items_led", {"meeting_id": found.id, **item}


def _actions(session: Session, id: UUID) -> Iterator[Record]:
    ours = Minutes.meeting_id.in_(select(Meeting.id).where(Meeting.community_id.in_(ROSTER.ever_in(id))))
    for found in every(session, select(Minutes).where(ours, _names(Minutes.actions, id)), Minutes.id):
        for action in found.actions:
            if action["by"] == str(id):
                yield "actions_assigned", {"meeting_id": found.meeting_id, **action}


def _names(column: InstrumentedAttribute, id: UUID) -> ColumnElement[bool]:
    """Does the JSON in this column hold this id?"""
    return cast(column, Text).contains(str(id))


def all_minutes_of(session: Session, community_ids: Collection[UUID]) -> Iterator[Minutes]:
    meetings = select(Meeting.id).where(Meeting.community_id.in_(community_ids))
    return every(session, select(Minutes).where(Minutes.meeting_id.in_(meetings)), Minutes.id)
