"""What membership hears: how communities live, and what the others hold about a person who is owed a copy of it."""

from shared.events import (
    InvitationAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingRescheduled,
    MeetingScheduled,
    MeetingsPartGathered,
    MinutesPublished,
    NotificationsPartGathered,
    PracticePublished,
    PracticesPartGathered,
)
from shared.messaging.subscriptions import Subscriptions

from . import projections, use_cases

subscriptions = Subscriptions(
    "membership.life",
    keeps={
        MeetingScheduled: projections.keep_date,
        MeetingRescheduled: projections.keep_date,
        MeetingCancelled: projections.keep_cancellation,
        MeetingHeld: (projections.keep_held, projections.keep_presence),
        MinutesPublished: projections.keep_minutes,
        PracticePublished: (projections.keep_practice, projections.keep_author),
        InvitationAnswered: projections.keep_answer,
    },
    on={
        MeetingHeld: (use_cases.hear_of_meeting, use_cases.hear_of_circle),
        PracticePublished: use_cases.hear_of_circle,
        MeetingsPartGathered: use_cases.keep_archive_part,
        PracticesPartGathered: use_cases.keep_archive_part,
        NotificationsPartGathered: use_cases.keep_archive_part,
    },
)
