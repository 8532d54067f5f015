"""Which kinds of mail somebody said no to, and may."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifications.letters import MANDATORY, OPTIONAL
from notifications.people import oneself
from shared.domain.actor import Actor
from shared.domain.policy import permit

from .model import Unsubscription


@dataclass(frozen=True)
class Preferences:
    """Kinds of mail: those that somebody said no to, those that anybody may, those that nobody may."""

    unsubscriptions: list[Unsubscription]
    optional: tuple[str, ...] = OPTIONAL
    mandatory: tuple[str, ...] = MANDATORY


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
