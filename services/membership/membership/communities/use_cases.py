"""Canvases: drafted by a Delegation or by a principal of it, and founded by the Delegation."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Canvas, Community
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.seen import demand_seen


def draft_canvas(session: Session, actor: Actor, delegation_id: UUID, **thoughts: Any) -> Canvas:
    permit(session, actor, "draft_canvas", queries.delegation(session, delegation_id))
    queries.hold_tree(session)
    queries.demand_open(session, delegation_id)
    canvas = Canvas.draft(delegation_id, actor.principal_id, now=datetime.now(UTC), **thoughts)
    session.add(canvas)
    return canvas


def change_canvas(session: Session, actor: Actor, canvas_id: UUID, **thoughts: Any) -> Canvas:
    canvas = permit(session, actor, "change_canvas", queries.canvas(session, canvas_id, lock=True))
    demand_seen(session, canvas)
    canvas.change(**thoughts)
    return canvas


def found_community(session: Session, actor: Actor, canvas_id: UUID, **rules: Any) -> Community:
    queries.hold_tree(session)
    canvas = permit(session, actor, "found_community", queries.canvas(session, canvas_id, lock=True))
    demand_seen(session, canvas)
    queries.demand_open(session, canvas.delegation_id)
    community = canvas.found(now=datetime.now(UTC), **rules)
    session.add(community)
    return community


def discard_canvas(session: Session, actor: Actor, canvas_id: UUID) -> Canvas:
    canvas = permit(session, actor, "discard_canvas", queries.canvas(session, canvas_id, lock=True))
    demand_seen(session, canvas)
    canvas.discard()
    return canvas
