"""What can be asked about messages: by who sends them, and by officers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.people import Recipient
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit

from .model import READABLE, Message, MessageState


def already_written(session: Session, event_id: UUID) -> set[UUID]:
    """Whom this event has been told to."""
    return set(session.scalars(select(Message.principal_id).where(Message.event_id == event_id)))


def due(session: Session, now: datetime, most: int) -> list[Message]:
    is_due = (Message.state == MessageState.QUEUED) & (Message.next_at <= now)
    return list(session.scalars(select(Message).where(is_due).order_by(Message.next_at, Message.id).limit(most)))


def being_sent(session: Session, message_id: UUID) -> list[Message]:
    """None, if its reader was erased meanwhile: then there is nothing more to note."""
    wanted = (Message.id == message_id) & (Message.state == MessageState.SENDING)
    return list(session.scalars(select(Message).where(wanted).with_for_update()))


def readable_mails(session: Session, before: datetime, most: int) -> list[UUID]:
    """The oldest mails that say something still, and will not be sent any more."""
    ended = Message.state.not_in((MessageState.QUEUED, MessageState.SENDING))
    old = select(Message.id).where(READABLE, Message.written_at < before, ended)
    return list(session.scalars(old.order_by(Message.written_at).limit(most)))


def left_sending(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.state == MessageState.SENDING)))


def messages(
    session: Session,
    actor: Actor,
    *,
    principal_id: UUID | None = None,
    state: MessageState | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Page:
    """In the order they were written. An officer sees those to principals of the Delegation, whoever is asked for."""
    permit(session, actor, "list_messages", EVERYTHING)
    rows = select(Message)
    if not actor.administers():
        theirs = select(Recipient.principal_id).where(units.in_reach_of(actor, Recipient.delegation_id))
        rows = rows.where(Message.principal_id.in_(theirs))
    if principal_id:
        rows = rows.where(Message.principal_id == principal_id)
    if state:
        rows = rows.where(Message.state == state)
    return page(session, rows, Message.id, after=after, limit=limit)


def message(session: Session, actor: Actor, message_id: UUID) -> Message:
    return permit(session, actor, "read_message", session.get(Message, message_id))
