"""What can be asked about minutes; the first line says by whom."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings.convening import meeting
from shared.domain.actor import Actor
from shared.domain.policy import allows, permit
from shared.domain.refusals import NotFound

from .model import Minutes, MinutesAsRead, State


def minutes_of(session: Session, meeting_id: UUID) -> Minutes | None:
    return session.scalars(select(Minutes).where(Minutes.meeting_id == meeting_id)).one_or_none()


def minutes_for(session: Session, actor: Actor, meeting_id: UUID) -> MinutesAsRead:
    """Members read all, drafts too; whoever else may, reads what is published, less the discussion."""
    asked = permit(session, actor, "get_minutes", meeting(session, meeting_id))
    as_member = allows(session, actor, "read_discussion", asked)
    minutes = minutes_of(session, meeting_id)
    if minutes is None or not (as_member or minutes.state is State.PUBLISHED):
        raise NotFound("minutes.not_found")
    return minutes.read(as_member=as_member)
