"""Questions about canvases."""

from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from membership.model import Canvas, Community, Delegation
from membership.policy import policy
from shared.domain.actor import Actor, Role
from shared.domain.paging import Page, page
from shared.domain.refusals import NotFound


def canvas(session: Session, canvas_id: UUID, *, lock: bool = False) -> Canvas | None:
    return session.get(Canvas, canvas_id, with_for_update=lock or None)


def visible_canvas(session: Session, actor: Actor, canvas_id: UUID) -> Canvas:
    return policy.permit(session, actor, "show_canvas", canvas(session, canvas_id))


def canvases(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """A principal finds their own, the Delegation's offices find all."""
    policy.permit(session, actor, "list_canvases", session.get(Delegation, delegation_id))
    own = Canvas.principal_id == actor.principal_id if actor.role is Role.PRINCIPAL else true()
    rows = select(Canvas).where(Canvas.delegation_id == delegation_id, own)
    return page(session, rows, Canvas.id, after=after, limit=limit)


def canvas_of(session: Session, actor: Actor, community_id: UUID) -> Canvas:
    """The one from which the community was founded."""
    policy.permit(session, actor, "show_canvas_of_community", session.get(Community, community_id))
    found = session.scalars(select(Canvas).where(Canvas.community_id == community_id)).one_or_none()
    if found is None:
        raise NotFound("canvas.not_found")
    return found
