"""Questions about companions."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import Accompaniment, AccompanimentState
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import permit

from .communities import community


def accompaniment(session: Session, community_id: UUID, companion_id: UUID) -> Accompaniment | None:
    pair = (Accompaniment.community_id == community_id) & (Accompaniment.companion_id == companion_id)
    return session.scalars(select(Accompaniment).where(pair)).one_or_none()


def companions(session: Session, actor: Actor, community_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_companions", community(session, community_id))
    current = Accompaniment.state == AccompanimentState.CURRENT
    rows = select(Accompaniment).where(Accompaniment.community_id == community_id, current)
    return page(session, rows, Accompaniment.id, after=after, limit=limit)
