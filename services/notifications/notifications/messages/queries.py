"""What can be asked: by the letters, who and what they speak of; by officers, what became of their principals' mail."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.erasure import Traces
from shared.domain.paging import Page, every, page
from shared.domain.policy import EVERYTHING, permit
from shared.messaging.archiving import Holding, Record, records

from .model import MANDATORY, OPTIONAL, READABLE, Message, MessageState, Unsubscription
from .projections import Community, Member, Office, Recipient


@dataclass(frozen=True)
class Preferences:
    """Kinds of mail: those that somebody said no to, those that anybody may, those that nobody may."""

    unsubscriptions: list[Unsubscription]
    optional: tuple[str, ...] = OPTIONAL
    mandatory: tuple[str, ...] = tuple(sorted(MANDATORY))


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


def officer_ids(session: Session, unit_id: UUID) -> list[UUID]:
    """Who acts for this very unit; those above it have others to do that."""
    return list(session.scalars(select(Office.officer_id).where(Office.unit_id == unit_id)))


def who_may_admit(session: Session, community: Community) -> list[UUID]:
    """Its coordinator; while it has none, its Delegation."""
    return [community.coordinator_id] if community.coordinator_id else officer_ids(session, community.delegation_id)


def already_written(session: Session, event_id: UUID) -> set[UUID]:
    """Whom this event has been told to."""
    return set(session.scalars(select(Message.principal_id).where(Message.event_id == event_id)))


def unsubscribed(session: Session, principal_ids: Collection[UUID], kind: str) -> set[UUID]:
    """Those among them who do not want this kind of mail."""
    no = select(Unsubscription.principal_id).where(
        Unsubscription.principal_id.in_(principal_ids), Unsubscription.kind == kind
    )
    return set(session.scalars(no))


def unsubscriptions(session: Session, actor: Actor) -> Preferences:
    """What the caller has said no to, and what they may."""
    permit(session, actor, "list_unsubscriptions", oneself(session, actor))
    theirs = select(Unsubscription).where(Unsubscription.principal_id == actor.principal_id)
    return Preferences(list(session.scalars(theirs.order_by(Unsubscription.kind))))


def unsubscription(session: Session, actor: Actor, kind: str) -> Unsubscription | None:
    """Does the person whom a link stands for want no more of this kind?"""
    permit(session, actor, "unsubscribe", oneself(session, actor))
    return session.get(Unsubscription, (actor.principal_id, kind))


def oneself(session: Session, actor: Actor) -> Recipient | None:
    return session.get(Recipient, actor.principal_id) if actor.principal_id else None


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


def recipient_as_known(session: Session, actor: Actor, principal_id: UUID) -> Recipient:
    return permit(session, actor, "read_recipient", session.get(Recipient, principal_id))


@dataclass(frozen=True)
class CommunityAsKnown:
    """A community as it has arrived here, with the number of members told so far."""

    id: UUID
    name_fr: str
    name_ar: str
    member_count: int


def community_as_known(session: Session, actor: Actor, community_id: UUID) -> CommunityAsKnown:
    found = permit(session, actor, "read_community", session.get(Community, community_id))
    count = session.scalar(select(func.count()).where(Member.community_id == community_id))
    return CommunityAsKnown(found.id, found.name_fr, found.name_ar, count)


ENTRY = ("principal_id", "delegation_id", "name_fr", "name_ar", "gender", "language", "email")
MESSAGE = ("id", "kind", "language", "to_name", "to_address", "subject", "text", "state", "written_at", "sent_at",
           "attempts", "error")  # fmt: skip
COMMUNITY = ("id", "name_fr", "name_ar")
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
    theirs = select(Member.community_id).where(Member.principal_id == id)
    yield Holding("communities", select(Community).where(Community.id.in_(theirs)), Community.id, COMMUNITY)
    coordinated = select(Community).where(Community.coordinator_id == id)
    yield Holding("coordinated_communities", coordinated, Community.id, COMMUNITY)


def traces_of(session: Session, principal_id: UUID) -> Traces:
    """As they were last registered, and as they were when they were written to."""
    entry = session.get(Recipient, principal_id)
    written = select(Message.to_name, Message.to_address).where(Message.principal_id == principal_id).distinct()
    sent = session.execute(written).all()
    return Traces(
        [*([entry.name_fr] if entry else []), *(name for name, _ in sent)],
        [entry.name_ar] if entry else [],
        [*([entry.email] if entry else []), *(address for _, address in sent)],
    )


def every_message_to(session: Session, principal_id: UUID) -> Iterator[Message]:
    return every(session, select(Message).where(Message.principal_id == principal_id), Message.id)


def every_message_about(session: Session, community_ids: Collection[UUID]) -> Iterator[Message]:
    return every(session, select(Message).where(Message.community_id.in_(community_ids)), Message.id)
