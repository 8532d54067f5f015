"""What can be asked about people and communities: by the letters, and by officers."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.policy import permit

from .projections import ROSTER, Community, Office, Recipient


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


def officer_ids(session: Session, unit_id: UUID) -> list[UUID]:
    """Who acts for this very unit; those above it have others to do that."""
    return list(session.scalars(select(Office.officer_id).where(Office.unit_id == unit_id)))


def who_may_admit(session: Session, community: Community) -> list[UUID]:
    """Its coordinator; while it has none, its Delegation."""
    return [community.coordinator_id] if community.coordinator_id else officer_ids(session, community.delegation_id)


def oneself(session: Session, actor: Actor) -> Recipient | None:
    return session.get(Recipient, actor.principal_id) if actor.principal_id else None


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
    count = ROSTER.card(session, found).member_count
    return CommunityAsKnown(found.id, found.name_fr, found.name_ar, count)
