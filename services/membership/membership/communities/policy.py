"""Who may do what with canvases, rules and companions of communities; and how a caller stands to a community."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from membership.organisation import OFFICE, Delegation, in_reach
from membership.people import Principal, principal_of_it
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, More, Row

from .model.accompaniment import Accompaniment, AccompanimentState
from .model.canvas import Canvas
from .model.community import Community


def coordinator(session: Session, actor: Actor, thing: Any) -> bool:
    """Elected, and confirmed by the Delegation; `thing` says of which community it is."""
    return actor.is_(session.get_one(Community, thing.community_id).coordinator_id)


def companion(session: Session, actor: Actor, thing: Any) -> bool:
    """The community was given to the caller to accompany."""
    given = exists().where(
        Accompaniment.community_id == thing.community_id,
        Accompaniment.companion_id == actor.person_id,
        Accompaniment.state == AccompanimentState.CURRENT,
    )
    return session.scalar(select(given)) or False


def author(_session: Session, actor: Actor, canvas: Canvas) -> bool:
    return actor.is_(canvas.principal_id)


def vacant_in_reach(session: Session, actor: Actor, community: Community) -> bool:
    """It lies in the caller's reach, and has no coordinator."""
    return community.coordinator_id is None and in_reach(session, actor, community)


def neighbour(session: Session, actor: Actor, community: Community) -> bool:
    """A principal who may ask to be taken in."""
    principal = session.get(Principal, actor.principal_id) if actor.principal_id else None
    if principal is None:
        return False
    here, theirs = (session.get_one(Delegation, id) for id in (community.delegation_id, principal.delegation_id))
    return community.can_be_asked_by(principal, here, theirs)


ORGANISES: Row = {**OFFICE, Role.PRINCIPAL: coordinator}
DRAFTS: Row = {**OFFICE, Role.PRINCIPAL: principal_of_it}
AUTHORS: Row = {**OFFICE, Role.PRINCIPAL: author}
# While there is nobody to speak for the members, the Delegation writes down what they have adopted.
SPEAKS: Row = {Role.DELEGATION_OFFICER: vacant_in_reach, Role.PORTAL: vacant_in_reach, Role.PRINCIPAL: coordinator}

kinds = (
    Kind(
        "canvas",
        {"show_canvas": AUTHORS, "change_canvas": AUTHORS, "discard_canvas": AUTHORS, "found_community": OFFICE},
    ),
    More("delegation", {"draft_canvas": DRAFTS, "list_canvases": DRAFTS, "plan_community": OFFICE}),
    More(
        "community",
        {
            "give_companion": OFFICE,
            "withdraw_companion": OFFICE,
            "adopt_rules": SPEAKS,
        },
    ),
)
