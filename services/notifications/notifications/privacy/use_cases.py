"""What is done about a person who is owed a copy, or erased."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from notifications.preferences import Unsubscription
from shared.domain import links
from shared.events import ArchiveAsked, ArchiveDeleted, LinksRevoked, NotificationsPartGathered, PrincipalErased
from shared.messaging import archiving, erasure
from shared.web import idempotency

from . import queries


def erase_person(session: Session, event: PrincipalErased) -> None:
    """Nothing more is sent to them, and nothing tells what was; mail to others does not name them any more."""
    traces = queries.traces_of(session, event.principal_id)
    for message in queries.every_message_to(session, event.principal_id):
        message.forget()
    for message in queries.every_message_about(session, event.community_ids):
        message.leave_out(traces)
    session.execute(delete(Unsubscription).where(Unsubscription.principal_id == event.principal_id))
    session.flush()
    erasure.erase(session, event.principal_id, event.community_ids, traces)
    idempotency.forget_person(session, event.principal_id, traces)


def gather_archive(session: Session, event: ArchiveAsked) -> None:
    archiving.gather(session, event, NotificationsPartGathered, queries.everything_about(session, event.principal_id))


def blank_archive(session: Session, event: ArchiveDeleted) -> None:
    archiving.blank(session, event.archive_id)


def revoke_links(session: Session, event: LinksRevoked) -> None:
    links.revoke(session, event.principal_id, event.revoked_at)
