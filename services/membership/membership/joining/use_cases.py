"""Belonging: invited or asking, taken in or not, circles, consents, stays; and leaving."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import communities, people
from membership.communities import Community
from shared.domain.actor import Actor
from shared.domain.database import among, insert_into
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Refused
from shared.events import MeetingHeld, PracticePublished

from .model.circle import LOOKED_BACK, Circle, Share, circle_of
from .model.circle_review import CircleReview
from .model.consent import Consent
from .model.leaving import Leaving
from .model.membership import Membership, MembershipState
from .model.stay import Stay
from .queries import circles, consents, members, requests, stays


def hear_of_circle(session: Session, event: MeetingHeld | PracticePublished) -> None:
    look_at_circles(session, event.community_id)


def look_at_circles(session: Session, community_id: UUID) -> None:
    """Soon, and once for all that happens until then; one that has begun begins again."""
    due = {"due_at": datetime.now(UTC), "membership_id": None}
    wish = insert_into(session, CircleReview).values(community_id=community_id, **due)
    session.execute(wish.on_conflict_do_update(index_elements=[CircleReview.community_id], set_=due))


def review_circles(session: Session, now: datetime) -> None:
    """A few members of one community at a time."""
    review = circles.due_review(session, now)
    if review is None:
        return
    members = circles.members_in_turn(session, review)
    found = circles.shares(session, members, now - LOOKED_BACK)
    community = communities.community_in(session, review.community_id)
    for member in members:
        coordinates = community.coordinator_id == member.principal_id
        share = found.get(member.principal_id, Share())
        member.moves_to(circle_of(member.circle, share, coordinates=coordinates))
    review.went_over(members, now=now)


def begin_stay(session: Session, membership: Membership) -> None:
    """Comes after whatever makes somebody a member: `accept`, `admit`."""
    session.add(Stay.begin(membership))


def end_stays(session: Session, memberships: Collection[Membership], leaving: Leaving, *, now: datetime) -> None:
    """Of those who have just left. Whose yes was written down by a release that kept no stays has one from now on."""
    found = stays.open_stays(session, memberships)
    for membership in memberships:
        stay = found.get((membership.community_id, membership.principal_id)) or Stay.begin(membership)
        stay.end(leaving, now=now)
        session.add(stay)


AT_HAND = (MembershipState.INVITED, MembershipState.REQUESTED, MembershipState.MEMBER)


@dataclass
class Invitations:
    """Whom an invitation has reached, and who needed none."""

    invited: list[UUID] = field(default_factory=list)
    already: list[UUID] = field(default_factory=list)


def invite_principals(
    session: Session, actor: Actor, community_id: UUID, *, principal_ids: list[UUID], answer_by: datetime
) -> Invitations:
    found = communities.community(session, community_id, lock=True)
    community = permit(session, actor, "invite_principals", found)
    people.demand_principals(session, principal_ids, community.delegation_id)
    community.form()
    existing = members.memberships(session, community_id, principal_ids)
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
    permit(session, actor, "accept_invitation", communities.community(session, community_id))
    membership = members.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    if membership.is_home and members.has_home_elsewhere(session, actor.as_principal(), community_id):
        raise Refused("membership.has_home")
    principal = people.principal(session, actor.principal_id)
    membership.accept(principal, channel=channel, now=datetime.now(UTC))
    session.add(Consent.to_participate(membership, text_version=text_version))
    begin_stay(session, membership)
    return membership


def decline_invitation(session: Session, actor: Actor, community_id: UUID, *, channel: str) -> Membership:
    permit(session, actor, "decline_invitation", communities.community(session, community_id))
    membership = members.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.decline(channel=channel, now=datetime.now(UTC))
    return membership


def leave(session: Session, actor: Actor, community_id: UUID) -> Membership:
    community = permit(session, actor, "leave", communities.community(session, community_id, lock=True))
    membership = members.membership(session, community_id, actor.principal_id)
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
    for consent in consents.consents_to_participate(session, memberships):
        consent.withdraw(now=now)


def lapse_invitations(session: Session, now: datetime) -> None:
    for membership in members.unanswered_invitations(session, now):
        membership.lapse()


def delete_ended_invitations(session: Session, before: datetime, most: int) -> int:
    """Those that were to be answered before that moment, and came to nothing; returns how many."""
    ended = members.ended_invitations(session, before, most)
    session.execute(delete(Membership).where(among(session, Membership.id, ended)))
    return len(ended)


def ask_to_join(session: Session, actor: Actor, community_id: UUID, *, channel: str, text_version: str) -> Membership:
    """The caller's own yes, before anybody asked them; and of no community that is being dissolved."""
    found = communities.community(session, community_id, lock=True)
    community = permit(session, actor, "ask_to_join", found)
    principal = people.principal(session, actor.principal_id)
    known = members.memberships(session, community.id, [principal.id]).get(principal.id)
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
    permit(session, actor, "withdraw_request", communities.community(session, community_id))
    membership = members.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.withdraw()
    withdraw_consents(session, [membership])
    return membership


def admit_principal(session: Session, actor: Actor, community_id: UUID, principal_id: UUID) -> Membership:
    """One home at most: who has another leaves it first, by themself."""
    found = communities.community(session, community_id, lock=True)
    community = permit(session, actor, "admit_principal", found)
    membership = members.membership(session, community_id, principal_id)
    demand_seen(session, membership)
    if membership.is_home and members.has_home_elsewhere(session, principal_id, community_id):
        raise Refused("membership.home_elsewhere")
    community.form()
    membership.admit(people.principal(session, principal_id), now=datetime.now(UTC))
    begin_stay(session, membership)
    return membership


def refuse_principal(session: Session, actor: Actor, community_id: UUID, principal_id: UUID, reason: str) -> Membership:
    permit(session, actor, "refuse_principal", communities.community(session, community_id))
    membership = members.membership(session, community_id, principal_id)
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
    late = requests.unanswered_requests(session, now)
    for membership in late:
        membership.lapse()
    withdraw_consents(session, late)


def put_theme(session: Session, actor: Actor, community_id: UUID, **theme: Any) -> Community:
    """What it works on, and who may ask to join."""
    found = communities.community(session, community_id, lock=True)
    community = permit(session, actor, "put_theme", found)
    demand_seen(session, community)
    community.works_on(**theme)
    return community


def choose_circle(session: Session, actor: Actor, community_id: UUID, *, choice: Circle | None) -> Membership:
    """Outer, whatever they take part in; or again as it comes."""
    permit(session, actor, "choose_circle", communities.community(session, community_id))
    membership = members.membership(session, community_id, actor.principal_id)
    demand_seen(session, membership)
    membership.choose_circle(choice)
    return membership


def withdraw_consent(session: Session, actor: Actor, consent_id: UUID) -> Consent:
    """Who no longer consents to participate leaves the community, or asks it no longer."""
    consent = permit(session, actor, "withdraw_consent", consents.consent(session, consent_id))
    demand_seen(session, consent)
    community = communities.community_in(session, consent.demand_given(), lock=True)
    end(session, community, members.membership(session, community.id, consent.principal_id))
    return consent
