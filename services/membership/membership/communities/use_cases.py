"""Communities before anybody belongs to them: canvases, rules, companions; and what is noted of their life."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen

from . import queries
from .model.accompaniment import Accompaniment, AccompanimentState
from .model.canvas import Canvas
from .model.community import Community
from .model.life import Periods
from .model.rules import Rules


def draft_canvas(session: Session, actor: Actor, delegation_id: UUID, **thoughts: Any) -> Canvas:
    permit(session, actor, "draft_canvas", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    organisation.demand_open(session, delegation_id)
    canvas = Canvas.draft(delegation_id, actor.principal_id, now=datetime.now(UTC), **thoughts)
    session.add(canvas)
    return canvas


def change_canvas(session: Session, actor: Actor, canvas_id: UUID, **thoughts: Any) -> Canvas:
    canvas = permit(session, actor, "change_canvas", queries.canvas(session, canvas_id, lock=True))
    demand_seen(session, canvas)
    canvas.change(**thoughts)
    return canvas


def found_community(session: Session, actor: Actor, canvas_id: UUID, **rules: Any) -> Community:
    organisation.hold_tree(session)
    canvas = permit(session, actor, "found_community", queries.canvas(session, canvas_id, lock=True))
    demand_seen(session, canvas)
    organisation.demand_open(session, canvas.delegation_id)
    community = canvas.found(now=datetime.now(UTC), **rules)
    session.add(community)
    return community


def discard_canvas(session: Session, actor: Actor, canvas_id: UUID) -> Canvas:
    canvas = permit(session, actor, "discard_canvas", queries.canvas(session, canvas_id, lock=True))
    demand_seen(session, canvas)
    canvas.discard()
    return canvas


def plan_community(session: Session, actor: Actor, delegation_id: UUID, **wish: Any) -> Community:
    permit(session, actor, "plan_community", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    organisation.demand_open(session, delegation_id)
    community = Community.plan(delegation_id, **wish)
    session.add(community)
    return community


def give_companion(session: Session, actor: Actor, community_id: UUID, companion_id: UUID) -> Accompaniment:
    """Given already, nothing changes: safe to repeat."""
    found = queries.community(session, community_id, lock=True)
    community = permit(session, actor, "give_companion", found)
    known, now = queries.accompaniment(session, community_id, companion_id), datetime.now(UTC)
    given = known or Accompaniment.give(community, companion_id, now=now)
    if given.state is AccompanimentState.ENDED:
        given.give_again(now=now)
    session.add(given)
    return given


def withdraw_companion(session: Session, actor: Actor, community_id: UUID, companion_id: UUID) -> None:
    """Not given, or no longer: nothing changes, safe to repeat."""
    permit(session, actor, "withdraw_companion", queries.community(session, community_id, lock=True))
    given = queries.accompaniment(session, community_id, companion_id)
    if given is not None and given.state is AccompanimentState.CURRENT:
        given.withdraw(now=datetime.now(UTC))


def take_note(session: Session, community: Community, now: datetime) -> None:
    """Whatever may bring a community to life has just been written down."""
    signs = queries.signs_of_life(session, [community.id])[community.id]
    alarms = queries.alarms_of(session, [community.id])[community.id]
    community.takes_note(signs, periods(session), alarms, now=now)


def periods(session: Session) -> Periods:
    settings = session.info["settings"]
    return Periods(settings.dormant_after_quiet_days, settings.dormant_after_vacant_days)


def adopt_rules(session: Session, actor: Actor, community_id: UUID, **agreed: Any) -> Rules:
    community = permit(session, actor, "adopt_rules", queries.community(session, community_id, lock=True))
    previous, now = queries.current_rules(session, community_id), datetime.now(UTC)
    demand_seen(session, previous)
    rules = Rules.adopt(community, previous, today=now.date(), **agreed)
    session.add(rules)
    session.flush()
    take_note(session, community, now)
    return rules
