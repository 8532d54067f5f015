"""What can be done with minutes: one function per verb; the first lines say who may."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from meetings.convening import meeting_held_still
from meetings.roster import ROSTER
from shared.domain.actor import Actor
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import NotFound

from . import queries
from .model import Minutes


def write_minutes(session: Session, actor: Actor, meeting_id: UUID, **texts: Any) -> Minutes:
    meeting = meeting_held_still(session, actor, "write_minutes", meeting_id)
    written = queries.minutes_of(session, meeting_id)
    demand_seen(session, written)
    minutes = written or Minutes.open(meeting)
    minutes.write(**texts, member_ids=ROSTER.member_ids(session, meeting.community_id))
    session.add(minutes)
    return minutes


def publish_minutes(session: Session, actor: Actor, meeting_id: UUID) -> Minutes:
    meeting = meeting_held_still(session, actor, "publish_minutes", meeting_id)
    minutes = queries.minutes_of(session, meeting_id)
    if minutes is None:
        raise NotFound("minutes.not_found")
    demand_seen(session, minutes)
    minutes.publish(meeting=meeting, reader_ids=ROSTER.member_ids(session, meeting.community_id))
    return minutes
