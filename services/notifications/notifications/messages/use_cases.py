"""What can be done: write to people about an event, and note what became of each mail."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from shared.domain import links
from shared.domain.actor import Actor
from shared.domain.correlation import current
from shared.domain.database import among, insert_into
from shared.domain.policy import permit
from shared.events import ArchiveAsked, ArchiveDeleted, LinksRevoked, NotificationsPartGathered, PrincipalErased
from shared.messaging import archiving, erasure
from shared.web import idempotency

from . import queries
from .model import BLANK, Message, Rendered, Unsubscription, demand_optional
from .projections import Recipient
from .settings import MailSettings


class Letter(Protocol):
    """What is to be said about one event, whoever reads it; `kind` names it."""

    kind: str
    community_id: UUID | None

    def render(self, recipient: Recipient, settings: MailSettings) -> Rendered: ...


def notify(session: Session, event_id: UUID, recipient_ids: Collection[UUID], letter: Letter) -> None:
    """One message per person and event, however often this is called; all of them or `UnknownRecipient`.

    Who wants no more of this kind gets none, except of what nobody can say no to.
    """
    unwritten = set(recipient_ids) - queries.already_written(session, event_id)
    readers = queries.recipients(session, unwritten - queries.unsubscribed(session, unwritten, letter.kind))
    session.add_all([_write(session, event_id, reader, letter) for reader in readers if not reader.is_erased])


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


def unsubscribe(session: Session, actor: Actor, kind: str) -> Unsubscription:
    """No more of this kind, until the same person says otherwise; said twice, it holds from the first time."""
    recipient = permit(session, actor, "unsubscribe", queries.oneself(session, actor))
    demand_optional(kind)
    wish = {"principal_id": recipient.principal_id, "kind": kind, "since": datetime.now(UTC)}
    session.execute(insert_into(session, Unsubscription).values(wish).on_conflict_do_nothing())
    return session.get_one(Unsubscription, (recipient.principal_id, kind))


def resubscribe(session: Session, actor: Actor, kind: str) -> None:
    recipient = permit(session, actor, "resubscribe", queries.oneself(session, actor))
    demand_optional(kind)
    if said := session.get(Unsubscription, (recipient.principal_id, kind)):
        session.delete(said)


def revoke_links(session: Session, told: LinksRevoked) -> None:
    links.revoke(session, told.principal_id, told.revoked_at)


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


def erase_person(session: Session, told: PrincipalErased) -> None:
    """Nothing more is sent to them, and nothing tells what was; mail to others does not name them any more."""
    traces = queries.traces_of(session, told.principal_id)
    for message in queries.every_message_to(session, told.principal_id):
        message.forget()
    for message in queries.every_message_about(session, told.community_ids):
        message.leave_out(traces)
    session.execute(delete(Unsubscription).where(Unsubscription.principal_id == told.principal_id))
    session.flush()
    erasure.erase(session, told.principal_id, told.community_ids, traces)
    idempotency.forget_person(session, told.principal_id, traces)


def gather_archive(session: Session, asked: ArchiveAsked) -> None:
    archiving.gather(session, asked, NotificationsPartGathered, queries.everything_about(session, asked.principal_id))


def blank_archive(session: Session, told: ArchiveDeleted) -> None:
    archiving.blank(session, told.archive_id)


def blank_mails(session: Session, before: datetime, most: int) -> int:
    """Take away what the oldest mails said, and to whom; none that may still be sent. Returns how many."""
    oldest = queries.readable_mails(session, before, most)
    blanked = {**BLANK, "version": Message.version + 1}
    session.execute(update(Message).where(among(session, Message.id, oldest)).values(blanked))
    return len(oldest)
