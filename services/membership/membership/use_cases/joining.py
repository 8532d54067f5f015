"""Joining by one's own wish: asking, being taken in or not; and how close to the core one wishes to be."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Circle, Community, Consent, Membership, MembershipState
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import Refused
from shared.domain.seen import demand_seen

from .communities import part, withdraw_consents
from .stays import begin_stay


def ask_to_join(session: Session, actor: Actor, community_id: UUID, *, channel: str, text_version: str) -> Membership:
    """The caller's own yes, before anybody asked them; and of no community that is being dissolved."""
    found = queries.community(session, community_id, lock=True)
    community = permit(session, actor, "ask_to_join", found)
    principal = queries.principal(session, actor.principal_id)
    known = queries.memberships(session, community.id, [principal.id]).get(principal.id)
    demand_seen(session, known)
    membership = _requested(community, principal.id, known, channel)
    session.add_all([membership, Consent.to_participate(membership, text_version=text_version)])
    return membership


def _requested(community: Community, principal_id: UUID, known: Membership | None, channel: str) -> Membership:
    now = datetime.now(UTC)
    if known is None:
        return Membership.request(community, principal_id, channel=channel, now=now)
    known.request_again(channel=channel, now=now)
    return known


def withdraw_request(session: Session, actor: Actor, community_id: UUID) -> Membership:
    permit(session, actor, "withdraw_request", queries.community(session, community_id))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.withdraw()
    withdraw_consents(session, [membership])
    return membership


def admit_principal(session: Session, actor: Actor, community_id: UUID, principal_id: UUID) -> Membership:
    """One home at most: who has another leaves it first, by themself."""
    found = queries.community(session, community_id, lock=True)
    community = permit(session, actor, "admit_principal", found)
    membership = queries.membership(session, community_id, principal_id)
    demand_seen(session, membership)
    if membership.is_home and queries.has_home_elsewhere(session, principal_id, community_id):
        raise Refused("membership.home_elsewhere")
    community.form()
    membership.admit(queries.principal(session, principal_id), now=datetime.now(UTC))
    begin_stay(session, membership)
    return membership


def refuse_principal(session: Session, actor: Actor, community_id: UUID, principal_id: UUID, reason: str) -> Membership:
    permit(session, actor, "refuse_principal", queries.community(session, community_id))
    membership = queries.membership(session, community_id, principal_id)
    demand_seen(session, membership)
    membership.refuse(reason)
    withdraw_consents(session, [membership])
    return membership


def end(session: Session, community: Community, membership: Membership) -> None:
    """However they stand: who has asked no longer asks, who belongs leaves."""
    if membership.state is MembershipState.REQUESTED:
        membership.withdraw()
        withdraw_consents(session, [membership])
    else:
        part(session, community, membership)


def lapse_requests(session: Session, now: datetime) -> None:
    """Nobody answered in time; they can ask again."""
    late = queries.unanswered_requests(session, now)
    for membership in late:
        membership.lapse()
    withdraw_consents(session, late)


def put_theme(session: Session, actor: Actor, community_id: UUID, **theme: Any) -> Community:
    """What it works on, and who may ask to join."""
    found = queries.community(session, community_id, lock=True)
    community = permit(session, actor, "put_theme", found)
    demand_seen(session, community)
    community.works_on(**theme)
    return community


def choose_circle(session: Session, actor: Actor, community_id: UUID, *, choice: Circle | None) -> Membership:
    """Outer, whatever they take part in; or again as it comes."""
    permit(session, actor, "choose_circle", queries.community(session, community_id))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.choose_circle(choice)
    return membership
