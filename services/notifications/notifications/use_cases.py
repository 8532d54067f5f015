"""What can be done: write to people about an event, and note what became of each mail."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain.correlation import current

from . import queries
from .model import Message, Rendered
from .projections import Recipient
from .settings import MailSettings


class Letter(Protocol):
    """What is to be said about one event, whoever reads it; `kind` names it."""

    kind: str

    def render(self, recipient: Recipient, settings: MailSettings) -> Rendered: ...


def notify(session: Session, event_id: UUID, recipient_ids: Collection[UUID], letter: Letter) -> None:
    """One message per person and event, however often this is called; all of them or `UnknownRecipient`."""
    unwritten = set(recipient_ids) - queries.already_written(session, event_id)
    readers = queries.recipients(session, unwritten)
    session.add_all([_write(session, event_id, reader, letter) for reader in readers])


def _write(session: Session, event_id: UUID, reader: Recipient, letter: Letter) -> Message:
    settings: MailSettings = session.info["settings"]
    return Message.write(
        letter.render(reader, settings),
        event_id=event_id,
        kind=letter.kind,
        principal_id=reader.principal_id,
        language=reader.reads,
        to_name=reader.name,
        to_address=reader.email,
        domain=settings.mail_domain,
        now=datetime.now(UTC),
        traceparent=current.get().traceparent,
    )


def claim_due(session: Session, now: datetime, most: int) -> list[Message]:
    """Mark the oldest that are due as being sent; the caller may keep them beyond the session, to read."""
    claimed = queries.due(session, now, most)
    for message in claimed:
        message.start_sending(now)
    session.flush()
    session.expunge_all()
    return claimed


def bring_back_interrupted(session: Session, now: datetime) -> None:
    """Only whoever alone may send asks this: what is being sent, nobody is sending any more."""
    for message in queries.left_sending(session):
        message.interrupted_sending(now)


def note_sent(session: Session, message_id: UUID, now: datetime) -> None:
    session.get_one(Message, message_id).sent(now)


def note_deferred(session: Session, message_id: UUID, reason: str, now: datetime, *, outcome_known: bool) -> None:
    session.get_one(Message, message_id).deferred(reason, now, outcome_known=outcome_known)


def note_failed(session: Session, message_id: UUID, reason: str) -> None:
    session.get_one(Message, message_id).failed(reason)
