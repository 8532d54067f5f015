"""Links in mails: taken back by those whom they stand for."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from membership import queries
from shared.domain import links
from shared.domain.actor import Actor
from shared.domain.policy import permit


def revoke_links(session: Session, actor: Actor) -> datetime:
    """All that were issued until now; other services hear of it in a moment."""
    principal = permit(session, actor, "revoke_links", queries.oneself(session, actor))
    now = datetime.now(UTC)
    principal.revoke_links(now)
    links.revoke(session, principal.id, now)
    return now
