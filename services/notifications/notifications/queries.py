"""What can be asked: by the letters, who and what they speak of; by officers, what became of their principals' mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor, Role, permit
from shared.domain.paging import Page, page
from shared.domain.refusals import NotFound

from .model import Message, MessageState
from .projections import Community, Member, Recipient

ONLY_OFFICERS = "Only the Ministry and officers of the recipient's Delegation see what was sent."


class UnknownRecipient(LookupError):
    """Nothing has been told yet about somebody who is to be written to; the event is tried again later."""


class UnknownCommunity(LookupError):
    """Nothing has been told yet about the community a letter speaks of; the event is tried again later."""


def recipients(session: Session, principal_ids: Collection[UUID]) -> list[Recipient]:
    """All of them, or `UnknownRecipient`: nobody is left out because their entry is late."""
    those = select(Recipient).where(Recipient.principal_id.in_(principal_ids))
    found = session.scalars(those.order_by(Recipient.principal_id)).all()
    if lacking := set(principal_ids) - {recipient.principal_id for recipient in found}:
        raise UnknownRecipient(", ".join(sorted(map(str, lacking))))
    return list(found)


def recipient(session: Session, principal_id: UUID) -> Recipient:
    return recipients(session, [principal_id])[0]


def recipient_if_known(session: Session, principal_id: UUID) -> Recipient | None:
    return session.get(Recipient, principal_id)


def community(session: Session, community_id: UUID) -> Community:
    found = session.get(Community, community_id, populate_existing=True)
    if found is None:
        raise UnknownCommunity(str(community_id))
    return found


def member_ids(session: Session, community_id: UUID) -> list[UUID]:
    return list(session.scalars(select(Member.principal_id).where(Member.community_id == community_id)))


def already_written(session: Session, event_id: UUID) -> set[UUID]:
    """Whom this event has been told to."""
    return set(session.scalars(select(Message.principal_id).where(Message.event_id == event_id)))


def due(session: Session, now: datetime, most: int) -> list[Message]:
    is_due = (Message.state == MessageState.QUEUED) & (Message.next_at <= now)
    return list(session.scalars(select(Message).where(is_due).order_by(Message.next_at, Message.id).limit(most)))


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
    permit(actor.administers() or actor.role is Role.DELEGATION_OFFICER, ONLY_OFFICERS)
    rows = select(Message)
    if not actor.administers():
        theirs = select(Recipient.principal_id).where(Recipient.delegation_id == actor.unit_id)
        rows = rows.where(Message.principal_id.in_(theirs))
    if principal_id:
        rows = rows.where(Message.principal_id == principal_id)
    if state:
        rows = rows.where(Message.state == state)
    return page(session, rows, Message.id, after=after, limit=limit)


def message(session: Session, actor: Actor, message_id: UUID) -> Message:
    found = session.get(Message, message_id)
    reader = found and session.get(Recipient, found.principal_id)
    _permit_officer(actor, reader)
    if found is None:
        raise NotFound("message.not_found", "There is no such message.")
    return found


def recipient_as_known(session: Session, actor: Actor, principal_id: UUID) -> Recipient:
    found = session.get(Recipient, principal_id)
    _permit_officer(actor, found)
    if found is None:
        raise NotFound("recipient.not_found", "Nothing has been told here about this principal yet. Ask again soon.")
    return found


def _permit_officer(actor: Actor, reader: Recipient | None) -> None:
    # Where there is nobody, an officer learns just that; anyone else learns nothing.
    theirs = actor.role is Role.DELEGATION_OFFICER and (reader is None or actor.decides_for(reader.delegation_id))
    permit(actor.administers() or theirs, ONLY_OFFICERS)


@dataclass(frozen=True)
class CommunityAsKnown:
    """A community as it has arrived here, with the number of members told so far."""

    id: UUID
    name_fr: str
    name_ar: str
    member_count: int


def community_as_known(session: Session, actor: Actor, community_id: UUID) -> CommunityAsKnown:
    found = session.get(Community, community_id)
    works_there = found is None or actor.works_for(found.delegation_id)
    permit(actor.administers() or (_works_for_some_delegation(actor) and works_there), ONLY_OFFICERS)
    if found is None:
        raise NotFound("community.not_found", "Nothing has been told here about this community yet. Ask again soon.")
    count = session.scalar(select(func.count()).where(Member.community_id == community_id))
    return CommunityAsKnown(found.id, found.name_fr, found.name_ar, count)


def _works_for_some_delegation(actor: Actor) -> bool:
    return actor.role in (Role.DELEGATION_OFFICER, Role.PORTAL)
