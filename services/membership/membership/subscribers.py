"""What membership hears: how communities live, and what the others hold about a person who is owed a copy of it."""

from sqlalchemy.orm import Session

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

subscriptions = Subscriptions("membership.life")


@subscriptions.keeps(MeetingScheduled)
def keep_date(event: MeetingScheduled, session: Session) -> None:
    projections.keep_date(session, event)


@subscriptions.keeps(MeetingRescheduled)
def keep_new_date(event: MeetingRescheduled, session: Session) -> None:
    projections.keep_date(session, event)


@subscriptions.keeps(MeetingCancelled)
def keep_cancellation(event: MeetingCancelled, session: Session) -> None:
    projections.keep_cancellation(session, event)


@subscriptions.keeps(MeetingHeld)
def keep_held(event: MeetingHeld, session: Session) -> None:
    projections.keep_held(session, event)
    projections.keep_presence(session, event)


@subscriptions.on(MeetingHeld)
def bring_to_life(event: MeetingHeld, session: Session) -> None:
    use_cases.hear_of_meeting(session, event)
    use_cases.look_at_circles(session, event.community_id)


@subscriptions.keeps(MinutesPublished)
def keep_minutes(event: MinutesPublished, session: Session) -> None:
    projections.keep_minutes(session, event)


@subscriptions.keeps(PracticePublished)
def keep_practice(event: PracticePublished, session: Session) -> None:
    projections.keep_practice(session, event)
    projections.keep_author(session, event)


@subscriptions.on(PracticePublished)
def look_at_circles(event: PracticePublished, session: Session) -> None:
    use_cases.look_at_circles(session, event.community_id)


@subscriptions.keeps(InvitationAnswered)
def keep_answer(event: InvitationAnswered, session: Session) -> None:
    projections.keep_answer(session, event)


@subscriptions.on(MeetingsPartGathered)
def keep_part_of_meetings(event: MeetingsPartGathered, session: Session) -> None:
    use_cases.keep_archive_part(session, event)


@subscriptions.on(PracticesPartGathered)
def keep_part_of_practices(event: PracticesPartGathered, session: Session) -> None:
    use_cases.keep_archive_part(session, event)


@subscriptions.on(NotificationsPartGathered)
def keep_part_of_notifications(event: NotificationsPartGathered, session: Session) -> None:
    use_cases.keep_archive_part(session, event)
