"""What is told of how communities live, and kept: their meetings, their practices, who takes part."""

from shared.events import (
    InvitationAnswered,
    MeetingCancelled,
    MeetingHeld,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesPublished,
    PracticePublished,
)
from shared.messaging.subscriptions import Subscriptions

from . import projections

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
)
