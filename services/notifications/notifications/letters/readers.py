"""Who is written to about an event: functions of a session and the event, in the order in which they are written."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from notifications import people
from notifications.people import ROSTER
from shared.events import ElectionAbandoned, ElectionOpened, PrincipalTransferred

UNREACHABLE = ("deceased", "erased")  # why somebody heads no school, and is not written to about it
NOBODY_STANDS = "nobody_stands"  # why an election came to nothing


def the_person(_session: Session, event: Any) -> Collection[UUID]:
    return [event.principal_id]


def the_reachable_person(_session: Session, event: PrincipalTransferred) -> Collection[UUID]:
    return [] if event.absence in UNREACHABLE else [event.principal_id]


def members(session: Session, event: Any) -> Collection[UUID]:
    return ROSTER.member_ids(session, people.community(session, event.community_id).id)


def members_if_none_stand(session: Session, event: ElectionAbandoned) -> Collection[UUID]:
    """Of what ended with its community they are told with its end."""
    return members(session, event) if event.reason == NOBODY_STANDS else []


def officers(session: Session, event: Any) -> Collection[UUID]:
    """Of the very Delegation."""
    return people.officer_ids(session, event.delegation_id)


def who_may_admit(session: Session, event: Any) -> Collection[UUID]:
    """The coordinator; while there is none, the Delegation's officers."""
    return people.who_may_admit(session, people.community(session, event.community_id))


def voters(_session: Session, event: ElectionOpened) -> Collection[UUID]:
    return event.voter_ids


def invitees(_session: Session, event: Any) -> Collection[UUID]:
    return event.invitee_ids


def readers(_session: Session, event: Any) -> Collection[UUID]:
    """To whom minutes or a practice were opened."""
    return event.reader_ids
