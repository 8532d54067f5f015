"""The life of communities: what happens to them is weighed at once, and silence by the clock."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import communities, elections, joining
from membership.communities import Community, periods, take_note
from membership.joining import Leaving, MembershipState, Unanswered, part_all, withdraw_consents
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.events import MeetingHeld

from . import queries


def hear_of_meeting(session: Session, event: MeetingHeld) -> None:
    """Of a community that nobody knows nothing follows: its plan is told here, so there is none."""
    community = communities.community(session, event.community_id, lock=True)
    if community is not None:
        take_note(session, community, datetime.now(UTC))


def watch_communities(session: Session, now: datetime) -> None:
    watched = queries.communities_to_watch(session, now.date())
    ids = [community.id for community in watched]
    signs, alarms = communities.signs_of_life(session, ids), communities.alarms_of(session, ids)
    for community in watched:
        about = (signs[community.id], periods(session), alarms[community.id])
        session.add_all(community.watch(*about, now=now))


def dissolve_community(session: Session, actor: Actor, community_id: UUID, *, reason: str) -> Community:
    found = communities.community(session, community_id, lock=True)
    community = permit(session, actor, "dissolve_community", found)
    demand_seen(session, community)
    community.dissolve(reason, now=datetime.now(UTC))
    session.flush()  # told before anybody leaves: whoever tells the members still finds them
    _end_election(session, community)
    _part_from_all(session, community)
    return community


def _end_election(session: Session, community: Community) -> None:
    if election := elections.election_under_way(session, community.id):
        election.end_with_community()
        session.flush()


def _part_from_all(session: Session, community: Community) -> None:
    """Members leave, and what was asked of or by others ends unanswered, with the yes that came with it."""
    concerned = joining.those_who_belong_or_might(session, community.id)
    members = [each for each in concerned if each.state is MembershipState.MEMBER]
    waiting = [each for each in concerned if each.state is not MembershipState.MEMBER]
    for membership in waiting:
        membership.lapse(Unanswered.DISSOLVED)
    withdraw_consents(session, waiting)
    part_all(session, {community.id: community}, members, Leaving.DISSOLVED)
