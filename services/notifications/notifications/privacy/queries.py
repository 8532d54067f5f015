"""What this service holds about one person."""

import re
from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.messages import Message
from notifications.people import ROSTER, Office, Recipient
from notifications.preferences import Unsubscription
from shared.domain.erasure import Traces
from shared.domain.paging import every
from shared.messaging.archiving import Holding, Record, records

ENTRY = ("principal_id", "delegation_id", "name_fr", "name_ar", "gender", "language", "email")
MESSAGE = ("id", "kind", "language", "to_name", "to_address", "subject", "text", "state", "written_at", "sent_at",
           "attempts", "error")  # fmt: skip


OFFICE = ("unit_id", "level", "function")
WITHOUT_LOGIN = re.compile(r"(?<=/v1/links/)\S+")  # whoever reads the archive must not act in its person's place


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    """What this service holds about one person, for the archive that they are owed."""
    for kind, record in records(session, _holdings(principal_id)):
        yield kind, record | {"text": WITHOUT_LOGIN.sub("…", record["text"])} if kind == "messages" else record


def _holdings(id: UUID) -> Iterator[Holding]:
    """A mail's HTML and calendar entry say what its text says."""
    yield Holding("entry", select(Recipient).where(Recipient.principal_id == id), Recipient.principal_id, ENTRY)
    yield Holding("offices", select(Office).where(Office.officer_id == id), Office.unit_id, OFFICE)
    no_more = select(Unsubscription).where(Unsubscription.principal_id == id)
    yield Holding("unsubscriptions", no_more, Unsubscription.kind, ("kind", "since"))
    yield Holding("messages", select(Message).where(Message.principal_id == id), Message.id, MESSAGE)
    yield from ROSTER.holdings(id)


def traces_of(session: Session, principal_id: UUID) -> Traces:
    """As they were last registered, and as they were when they were written to."""
    entry = session.get(Recipient, principal_id)
    written = select(Message.to_name, Message.to_address).where(Message.principal_id == principal_id).distinct()
    sent = session.execute(written).all()
    pairs = ROSTER.names_of(session, principal_id)
    return Traces(
        [*(name_fr for name_fr, _ in pairs), *([entry.name_fr] if entry else []), *(name for name, _ in sent)],
        [*(name_ar for _, name_ar in pairs), *([entry.name_ar] if entry else [])],
        [*([entry.email] if entry else []), *(address for _, address in sent)],
    )


def every_message_to(session: Session, principal_id: UUID) -> Iterator[Message]:
    return every(session, select(Message).where(Message.principal_id == principal_id), Message.id)


def every_message_about(session: Session, community_ids: Collection[UUID]) -> Iterator[Message]:
    return every(session, select(Message).where(Message.community_id.in_(community_ids)), Message.id)
