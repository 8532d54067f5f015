"""Communities: planned by the Delegation, joined by those who want to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import queries
from membership.model import Community, Consent, Leaving, Membership, MembershipState
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.policy import permit
from shared.domain.refusals import Refused
from shared.domain.seen import demand_seen

from .stays import begin_stay, end_stays

AT_HAND = (MembershipState.INVITED, MembershipState.REQUESTED, MembershipState.MEMBER)


@dataclass
class Invitations:
    """Whom an invitation has reached, and who needed none."""

    invited: list[UUID] = field(default_factory=list)
    already: list[UUID] = field(default_factory=list)


def plan_community(session: Session, actor: Actor, delegation_id: UUID, **wish: Any) -> Community:
    permit(session, actor, "plan_community", queries.delegation(session, delegation_id))
    queries.hold_tree(session)
    queries.demand_open(session, delegation_id)
    community = Community.plan(delegation_id, **wish)
    session.add(community)
    return community


def invite_principals(
    session: Session, actor: Actor, community_id: UUID, *, principal_ids: list[UUID], answer_by: datetime
) -> Invitations:
    found = queries.community(session, community_id, lock=True)
    community = permit(session, actor, "invite_principals", found)
    queries.demand_principals(session, principal_ids, community.delegation_id)
    community.form()
    existing = queries.memberships(session, community_id, principal_ids)
    return invite_all(session, community, dict.fromkeys(principal_ids), existing, answer_by)


def invite_all(
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
        elif membership.state in AT_HAND:
            done.already.append(principal_id)
            continue
        else:
            membership.invite_again(answer_by=answer_by, now=now)
        done.invited.append(principal_id)
    return done


def accept_invitation(
    session: Session, actor: Actor, community_id: UUID, *, channel: str, text_version: str
) -> Membership:
    permit(session, actor, "accept_invitation", queries.community(session, community_id))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    if membership.is_home and queries.has_home_elsewhere(session, actor.principal_id, community_id):
        raise Refused("membership.has_home")
    principal = queries.principal(session, actor.principal_id)
    membership.accept(principal, channel=channel, now=datetime.now(UTC))
    session.add(Consent.to_participate(membership, text_version=text_version))
    begin_stay(session, membership)
    return membership


def decline_invitation(session: Session, actor: Actor, community_id: UUID, *, channel: str) -> Membership:
    permit(session, actor, "decline_invitation", queries.community(session, community_id))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.decline(channel=channel, now=datetime.now(UTC))
    return membership


def leave(session: Session, actor: Actor, community_id: UUID) -> Membership:
    community = permit(session, actor, "leave", queries.community(session, community_id, lock=True))
    membership = queries.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    return part(session, community, membership)


def part(session: Session, community: Community, membership: Membership) -> Membership:
    """Somebody goes by their own decision."""
    part_all(session, {community.id: community}, [membership], Leaving.LEFT)
    return membership


def part_all(
    session: Session, communities: Mapping[UUID, Community], memberships: Collection[Membership], leaving: Leaving
) -> None:
    """However they go: no members any more, no coordinators, and their consents to take part are withdrawn."""
    now = datetime.now(UTC)
    for membership in memberships:
        membership.leave(leaving, now=now)
        communities[membership.community_id].loses(membership.principal_id, now=now)
    withdraw_consents(session, memberships)
    end_stays(session, memberships, leaving, now=now)


def withdraw_consents(session: Session, memberships: Collection[Membership]) -> None:
    """Of those that came to an end, members' or not."""
    now = datetime.now(UTC)
    for consent in queries.consents_to_participate(session, memberships):
        consent.withdraw(now=now)


def lapse_invitations(session: Session, now: datetime) -> None:
    for membership in queries.unanswered_invitations(session, now):
        membership.lapse()


def delete_ended_invitations(session: Session, before: datetime, most: int) -> int:
    """Those that were to be answered before that moment, and came to nothing; returns how many."""
    ended = queries.ended_invitations(session, before, most)
    session.execute(delete(Membership).where(among(session, Membership.id, ended)))
    return len(ended)
