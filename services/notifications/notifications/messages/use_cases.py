"""What can be done: write to people about an event, and note what became of each mail."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from notifications import people
from notifications.letters import LETTERS, Letter
from notifications.people import Recipient
from notifications.preferences import unsubscribed
from notifications.settings import MailSettings
from shared.domain.correlation import current
from shared.domain.database import among

from . import queries
from .model import BLANK, Message


def notify(session: Session, event_id: UUID, recipient_ids: Collection[UUID], letter: Letter) -> None:
    """One message per person and event, however often this is called; all of them or `UnknownRecipient`.

    Who wants no more of this kind gets none, except of what nobody can say no to.
    """
    unwritten = set(recipient_ids) - queries.already_written(session, event_id)
    readers = people.recipients(session, unwritten - unsubscribed(session, unwritten, letter.kind))
    session.add_all([_write(session, event_id, reader, letter) for reader in readers if not reader.is_erased])


def write_letters(session: Session, event: Any) -> None:
    """What the table says about this event, which is the one being handled; nobody is written to about it twice."""
    for row in (row for row in LETTERS if isinstance(event, row.event)):
        notify(session, UUID(current.get().cause), row.to(session, event), row.letter_about(session, event))


def _write(session: Session, event_id: UUID, reader: Recipient, letter: Letter) -> Message:
    settings: MailSettings = session.info["settings"]
    return Message.write(
        letter.render(reader, settings),
        event_id=event_id,
        community_id=letter.community_id,
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
    for message in queries.being_sent(session, message_id):
        message.sent(now)


def note_deferred(session: Session, message_id: UUID, reason: str, now: datetime, *, outcome_known: bool) -> None:
    for message in queries.being_sent(session, message_id):
        message.deferred(reason, now, outcome_known=outcome_known)


def note_failed(session: Session, message_id: UUID, reason: str) -> None:
    for message in queries.being_sent(session, message_id):
        message.failed(reason)


def blank_mails(session: Session, before: datetime, most: int) -> int:
    """Take away what the oldest mails said, and to whom; none that may still be sent. Returns how many."""
    oldest = queries.readable_mails(session, before, most)
    blanked = {**BLANK, "version": Message.version + 1}
    session.execute(update(Message).where(among(session, Message.id, oldest)).values(blanked))
    return len(oldest)
