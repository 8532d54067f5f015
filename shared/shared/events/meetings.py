"""What the meetings service tells: convocations, answers, presence, minutes."""

from uuid import UUID

from ._archive_part import PartGathered
from ._declare import Moment, event
from ._personal import CommunityId, ManyWords, Words


@event("meetings.meeting_scheduled.v1")
class MeetingScheduled:
    """Members are convened. `calendar_sequence` is the SEQUENCE of RFC 5545: it rises when the meeting moves."""

    meeting_id: UUID
    community_id: CommunityId
    convener_id: UUID
    invitee_ids: list[UUID]
    subject: Words
    starts_at: Moment
    ends_at: Moment
    zone: str
    place: Words
    calendar_sequence: int


@event("meetings.meeting_rescheduled.v1")
class MeetingRescheduled:
    meeting_id: UUID
    community_id: CommunityId
    convener_id: UUID
    invitee_ids: list[UUID]
    subject: Words
    starts_at: Moment
    ends_at: Moment
    zone: str
    place: Words
    calendar_sequence: int
    previous_starts_at: Moment


@event("meetings.meeting_cancelled.v1")
class MeetingCancelled:
    meeting_id: UUID
    community_id: CommunityId
    convener_id: UUID
    invitee_ids: list[UUID]
    subject: Words
    starts_at: Moment
    ends_at: Moment
    zone: str
    place: Words
    calendar_sequence: int
    reason: Words


@event("meetings.invitation_answered.v1")
class InvitationAnswered:
    """A member said yes, no or maybe; the last answer counts."""

    meeting_id: UUID
    community_id: UUID
    principal_id: UUID
    answer: str


@event("meetings.meeting_held.v1")
class MeetingHeld:
    """`activity` is the kind of meeting: only a formal one counts towards a community's being active."""

    meeting_id: UUID
    community_id: UUID
    present_ids: list[UUID]
    held_at: Moment
    activity: str | None = None


@event("meetings.minutes_published.v1")
class MinutesPublished:
    """The traces of a meeting; the summary may leave the community, the discussion may not and is not here."""

    meeting_id: UUID
    community_id: CommunityId
    reader_ids: list[UUID]
    subject: Words
    starts_at: Moment
    zone: str
    summary: Words
    decisions: ManyWords


@event("meetings.archive_part_gathered.v1")
class MeetingsPartGathered(PartGathered):
    """A part of what this service holds about a person, for the archive that was asked in membership."""
