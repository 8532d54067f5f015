"""Communities: planned by the Delegation, joined by those who want to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Community, Membership, MembershipState
from shared.domain.actor import Actor, Role, permit
from shared.domain.refusals import Refused

OFFICE_ONLY = "Only the Delegation and the Ministry may do this."
ORGANISERS_ONLY = "Only the Delegation, the Ministry or the coordinator may do this."
FOR_ONESELF = "Only the principal concerned may do this."


@dataclass
class Invitations:
    """Whom an invitation has reached, and who needed none."""

    invited: list[UUID] = field(default_factory=list)
    already: list[UUID] = field(default_factory=list)


def plan_community(session: Session, actor: Actor, delegation_id: UUID, **wish: Any) -> Community:
    permit(actor.works_for(delegation_id), OFFICE_ONLY)
    queries.demand_delegation(session, delegation_id)
    community = Community.plan(delegation_id, **wish)
    session.add(community)
    return community


def invite_principals(
    session: Session, actor: Actor, community_id: UUID, *, principal_ids: list[UUID], answer_by: datetime
) -> Invitations:
    community = queries.community(session, community_id, lock=True)
    permit(actor.works_for(community.delegation_id) or actor.is_(community.coordinator_id), ORGANISERS_ONLY)
    queries.demand_principals(session, principal_ids, community.delegation_id)
    community.form()
    existing = queries.memberships(session, community_id, principal_ids)
    return _invite(session, community, dict.fromkeys(principal_ids), existing, answer_by)


def _invite(
    session: Session,
    community: Community,
    principal_ids: dict[UUID, None],
    existing: dict[UUID, Membership],
    answer_by: datetime,
) -> Invitations:
    done, now = Invitations(), datetime.now(UTC)
    for principal_id in principal_ids:
        membership = existing.get(principal_id)
        if membership is None:
            session.add(Membership.invite(community, principal_id, answer_by=answer_by, now=now))
        elif membership.state in (MembershipState.INVITED, MembershipState.MEMBER):
            done.already.append(principal_id)
            continue
        else:
            membership.invite_again(answer_by=answer_by, now=now)
        done.invited.append(principal_id)
    return done


def accept_invitation(session: Session, actor: Actor, community_id: UUID, *, channel: str) -> Membership:
    permit(actor.role is Role.PRINCIPAL, FOR_ONESELF)
    membership = queries.membership(session, community_id, actor.principal_id)
    if membership.is_home and queries.has_home_elsewhere(session, actor.principal_id, community_id):
        raise Refused("membership.has_home", "You have a home community already. Leave it first.")
    principal = queries.principal(session, actor.principal_id)
    membership.accept(principal, channel=channel, now=datetime.now(UTC))
    return membership


def decline_invitation(session: Session, actor: Actor, community_id: UUID, *, channel: str) -> Membership:
    permit(actor.role is Role.PRINCIPAL, FOR_ONESELF)
    membership = queries.membership(session, community_id, actor.principal_id)
    membership.decline(channel=channel, now=datetime.now(UTC))
    return membership


def leave(session: Session, actor: Actor, community_id: UUID) -> Membership:
    permit(actor.role is Role.PRINCIPAL, FOR_ONESELF)
    community = queries.community(session, community_id, lock=True)
    membership = queries.membership(session, community_id, actor.principal_id)
    membership.leave(now=datetime.now(UTC))
    community.loses(actor.principal_id)
    return membership


def lapse_invitations(session: Session, now: datetime) -> None:
    for membership in queries.unanswered_invitations(session, now):
        membership.lapse()
