"""What membership hears: what the other services hold about a person who is owed a copy of it."""

from sqlalchemy.orm import Session

from shared.events import MeetingsPartGathered, NotificationsPartGathered, PracticesPartGathered
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions("membership.life")


@subscriptions.on(MeetingsPartGathered)
def keep_part_of_meetings(event: MeetingsPartGathered, session: Session) -> None:
    use_cases.keep_archive_part(session, event)


@subscriptions.on(PracticesPartGathered)
def keep_part_of_practices(event: PracticesPartGathered, session: Session) -> None:
    use_cases.keep_archive_part(session, event)


@subscriptions.on(NotificationsPartGathered)
def keep_part_of_notifications(event: NotificationsPartGathered, session: Session) -> None:
    use_cases.keep_archive_part(session, event)
