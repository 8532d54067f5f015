"""Questions about communities, their canvases, rules, companions and signs of life."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from membership.organisation import Delegation
from membership.people import Principal
from shared.domain.actor import Actor, Role
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import permit
from shared.domain.refusals import NotFound

from .model.accompaniment import Accompaniment, AccompanimentState
from .model.alarm import Alarm, Silence
from .model.canvas import Canvas
from .model.community import Community
from .model.life import Signs
from .model.rules import Rules
from .projections import KnownMeeting


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


AT_ONCE = 200
# As a lock: whoever inserts what refers to the row does not wait for it.
KEEPS_ITS_KEY: dict[str, Any] = {"key_share": True}


def community(session: Session, community_id: UUID, *, lock: bool = False) -> Community | None:
    """`lock`: one change after the other. Rows that only refer to it, as a consent does, need not wait."""
    return session.get(Community, community_id, with_for_update=KEEPS_ITS_KEY if lock else None)


def community_in(session: Session, community_id: UUID, *, lock: bool = False) -> Community:
    """The one to which something of ours refers: it is there."""
    return session.get_one(Community, community_id, with_for_update=KEEPS_ITS_KEY if lock else None)


def visible_community(session: Session, actor: Actor, community_id: UUID) -> Community:
    return permit(session, actor, "show_community", community(session, community_id))


def accompaniment(session: Session, community_id: UUID, companion_id: UUID) -> Accompaniment | None:
    pair = (Accompaniment.community_id == community_id) & (Accompaniment.companion_id == companion_id)
    return session.scalars(select(Accompaniment).where(pair)).one_or_none()


def companions(session: Session, actor: Actor, community_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_companions", community(session, community_id))
    current = Accompaniment.state == AccompanimentState.CURRENT
    rows = select(Accompaniment).where(Accompaniment.community_id == community_id, current)
    return page(session, rows, Accompaniment.id, after=after, limit=limit)


def signs_of_life(session: Session, community_ids: Collection[UUID]) -> Mapping[UUID, Signs]:
    """Of each of them, from what was told and what is kept; nobody's life depends on the order of events."""
    formal = func.max(KnownMeeting.held_at).filter(KnownMeeting.is_formal)
    held = select(KnownMeeting.community_id, func.max(KnownMeeting.held_at), formal)
    told = held.where(KnownMeeting.community_id.in_(community_ids)).group_by(KnownMeeting.community_id)
    met = {community_id: (last, formally) for community_id, last, formally in session.execute(told)}
    ruled = set(session.scalars(select(Rules.community_id).where(Rules.community_id.in_(community_ids)).distinct()))
    return {id: _signs(*met.get(id, (None, None)), id in ruled) for id in community_ids}


def _signs(last_held_at, formally_at, has_rules: bool) -> Signs:
    return Signs(last_held_at, has_met_formally=formally_at is not None, has_rules=has_rules)


def alarms_of(session: Session, community_ids: Collection[UUID]) -> Mapping[UUID, Mapping[Silence, Alarm]]:
    found: dict[UUID, dict[Silence, Alarm]] = defaultdict(dict)
    for alarm in session.scalars(select(Alarm).where(Alarm.community_id.in_(community_ids))):
        found[alarm.community_id][alarm.reason] = alarm
    return found


def current_rules(session: Session, community_id: UUID) -> Rules | None:
    newest = select(Rules).where(Rules.community_id == community_id).order_by(Rules.edition_number.desc())
    return session.scalars(newest.limit(1)).first()


def rules_in_force(session: Session, actor: Actor, community_id: UUID) -> Rules:
    permit(session, actor, "show_rules_in_force", session.get(Community, community_id))
    return _found(current_rules(session, community_id))


def rules_of_edition(session: Session, actor: Actor, community_id: UUID, number: int) -> Rules:
    permit(session, actor, "show_rules", session.get(Community, community_id))
    this = (Rules.community_id == community_id) & (Rules.edition_number == number)
    return _found(session.scalars(select(Rules).where(this)).one_or_none())


def all_rules(session: Session, actor: Actor, community_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Every edition, the first first."""
    permit(session, actor, "list_rules", session.get(Community, community_id))
    return page(session, select(Rules).where(Rules.community_id == community_id), Rules.id, after=after, limit=limit)


def _found(rules: Rules | None) -> Rules:
    if rules is None:
        raise NotFound("rules.not_found")
    return rules
