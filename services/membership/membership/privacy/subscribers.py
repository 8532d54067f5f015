"""What the other services hold about a person who is owed a copy of it."""

from shared.events import MeetingsPartGathered, NotificationsPartGathered, PracticesPartGathered
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "membership.life",
    on={
        MeetingsPartGathered: use_cases.keep_archive_part,
        PracticesPartGathered: use_cases.keep_archive_part,
        NotificationsPartGathered: use_cases.keep_archive_part,
    },
)
