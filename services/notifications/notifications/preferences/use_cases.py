"""Saying no to a kind of mail, and yes again."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from notifications.people import oneself
from shared.domain.actor import Actor
from shared.domain.database import insert_into
from shared.domain.policy import permit

from .model import Unsubscription, demand_optional


def unsubscribe(session: Session, actor: Actor, kind: str) -> Unsubscription:
    """No more of this kind, until the same person says otherwise; said twice, it holds from the first time."""
    recipient = permit(session, actor, "unsubscribe", oneself(session, actor))
    demand_optional(kind)
    wish = {"principal_id": recipient.principal_id, "kind": kind, "since": datetime.now(UTC)}
    session.execute(insert_into(session, Unsubscription).values(wish).on_conflict_do_nothing())
    return session.get_one(Unsubscription, (recipient.principal_id, kind))


def resubscribe(session: Session, actor: Actor, kind: str) -> None:
    recipient = permit(session, actor, "resubscribe", oneself(session, actor))
    demand_optional(kind)
    if said := session.get(Unsubscription, (recipient.principal_id, kind)):
        session.delete(said)
