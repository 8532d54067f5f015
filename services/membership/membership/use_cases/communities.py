"""Communities: planned by the Delegation, joined by those who want to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import queries
from membership.model import Community, Consent, Membership, MembershipState
from membership.policy import policy
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.refusals import Refused
from shared.domain.seen import demand_seen


@dataclass
class Invitations:
    """Whom an invitation has reached, and who needed none."""

    invited: list[UUID] = field(default_factory=list)
    already: list[UUID] = field(default_factory=list)


def plan_community(session: Session, actor: Actor, delegation_id: UUID, **wish: Any) -> Community:
    policy.permit(session, actor, "plan_community", queries.delegation(session, delegation_id))
    community = Community.plan(delegation_id, **wish)
    session.add(community)
    return community


def invite_principals(
    session: Session, actor: Actor, community_id: UUID, *, principal_ids: list[UUID], answer_by: datetime
) -> Invitations:
    found = queries.community(session, community_id, lock=True)
    community = policy.permit(session, actor, "invite_principals", found)
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


def accept_invitation(
    session: Session, actor: Actor, community_id: UUID, *, channel: str, text_version: str
) -> Membership:
    policy.permit(session, actor, "accept_invitation", queries.community(session, community_id))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    if membership.is_home and queries.has_home_elsewhere(session, actor.principal_id, community_id):
        raise Refused("membership.has_home")
    principal = queries.principal(session, actor.principal_id)
    membership.accept(principal, channel=channel, now=datetime.now(UTC))
    session.add(Consent.to_participate(membership, text_version=text_version))
    return membership


def decline_invitation(session: Session, actor: Actor, community_id: UUID, *, channel: str) -> Membership:
    policy.permit(session, actor, "decline_invitation", queries.community(session, community_id))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.decline(channel=channel, now=datetime.now(UTC))
    return membership


def leave(session: Session, actor: Actor, community_id: UUID) -> Membership:
    community = policy.permit(session, actor, "leave", queries.community(session, community_id, lock=True))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    return part(session, community, membership)


def part(session: Session, community: Community, membership: Membership) -> Membership:
    """However somebody goes: no member any more, no coordinator, and their consent to take part is withdrawn."""
    now = datetime.now(UTC)
    membership.leave(now=now)
    community.loses(membership.principal_id)
    for consent in queries.consents_to_participate(session, membership.principal_id, community.id):
        consent.withdraw(now=now)
    return membership


def lapse_invitations(session: Session, now: datetime) -> None:
    for membership in queries.unanswered_invitations(session, now):
        membership.lapse()


def delete_ended_invitations(session: Session, before: datetime, most: int) -> int:
    """Those that were to be answered before that moment, and came to nothing; returns how many."""
    ended = queries.ended_invitations(session, before, most)
    session.execute(delete(Membership).where(among(session, Membership.id, ended)))
    return len(ended)
