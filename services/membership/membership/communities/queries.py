"""Questions about canvases."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from membership.model import Canvas, Community, Delegation, Principal
from shared.domain.actor import Actor, Role
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import permit
from shared.domain.refusals import NotFound


def canvas(session: Session, canvas_id: UUID, *, lock: bool = False) -> Canvas | None:
    return session.get(Canvas, canvas_id, with_for_update=lock or None)


def visible_canvas(session: Session, actor: Actor, canvas_id: UUID) -> Canvas:
    return permit(session, actor, "show_canvas", canvas(session, canvas_id))


def canvases(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """A principal finds their own, the Delegation's offices find all."""
    permit(session, actor, "list_canvases", session.get(Delegation, delegation_id))
    own = Canvas.principal_id == actor.principal_id if actor.role is Role.PRINCIPAL else true()
    rows = select(Canvas).where(Canvas.delegation_id == delegation_id, own)
    return page(session, rows, Canvas.id, after=after, limit=limit)


def canvases_to_follow(session: Session, delegation_ids: Collection[UUID]) -> Sequence[Any]:
    """The canvases of Delegations that change, each with the Delegation of its author and that of its community.

    Locked: whoever writes on one of them meanwhile does so before or after.
    """
    theirs = select(Canvas, Principal.delegation_id, Community.delegation_id).order_by(Canvas.id)
    theirs = theirs.outerjoin(Principal, Principal.id == Canvas.principal_id)
    theirs = theirs.outerjoin(Community, Community.id == Canvas.community_id)
    wanted = theirs.where(among(session, Canvas.delegation_id, list(delegation_ids)))
    held = wanted.with_for_update(of=Canvas, key_share=True).execution_options(populate_existing=True)
    return session.execute(held).all()


def canvases_by_id(session: Session, canvas_ids: Collection[UUID]) -> Sequence[Canvas]:
    wanted = select(Canvas).where(among(session, Canvas.id, list(canvas_ids))).order_by(Canvas.id)
    held = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(held).all()


def canvas_of(session: Session, actor: Actor, community_id: UUID) -> Canvas:
    """The one from which the community was founded."""
    permit(session, actor, "show_canvas_of_community", session.get(Community, community_id))
    found = session.scalars(select(Canvas).where(Canvas.community_id == community_id)).one_or_none()
    if found is None:
        raise NotFound("canvas.not_found")
    return found
