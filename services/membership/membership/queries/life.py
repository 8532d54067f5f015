"""Questions about the life of communities: what shows that they live, and which must be looked at today."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from membership.model import (
    Alarm,
    Community,
    CommunityState,
    Delegation,
    Election,
    Membership,
    MembershipState,
    Rules,
    Signs,
    Silence,
)
from membership.model.election import UNDER_WAY
from membership.projections import KnownMeeting
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import permit

AT_ONCE = 100
M = MembershipState


def communities_to_watch(session: Session, today: date) -> Sequence[Community]:
    """Those that are to be looked at today, longest waiting first."""
    due = select(Community).where(Community.watch_on <= today)
    return session.scalars(due.order_by(Community.watch_on).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


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


def silent_communities(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Those of a Delegation that sleep, or that it was warned about."""
    permit(session, actor, "list_silent_communities", session.get(Delegation, delegation_id))
    warned = select(Alarm.community_id).where(Alarm.withdrawn_at.is_(None), Alarm.days_before > 0)
    is_silent = (Community.state == CommunityState.DORMANT) | Community.id.in_(warned)
    alive = Community.state.in_((CommunityState.ACTIVE, CommunityState.DORMANT))
    theirs = select(Community).where(Community.delegation_id == delegation_id, alive, is_silent)
    found = page(session, theirs, Community.id, after=after, limit=limit)
    return Page(_with_alarms(session, found.items), found.next)


def _with_alarms(session: Session, communities: Sequence[Community]) -> list[dict]:
    alarms = alarms_of(session, [community.id for community in communities])
    return [{"community": each, "alarms": _standing(alarms[each.id].values())} for each in communities]


def _standing(alarms: Collection[Alarm]) -> list[Alarm]:
    return [alarm for alarm in alarms if alarm.withdrawn_at is None and alarm.days_before]


def those_who_belong_or_might(session: Session, community_id: UUID) -> Sequence[Membership]:
    """Members, and all whose invitation or request is open."""
    wanted = (Membership.community_id == community_id) & Membership.state.in_((M.MEMBER, M.INVITED, M.REQUESTED))
    return session.scalars(select(Membership).where(wanted).order_by(Membership.principal_id)).all()


def election_under_way(session: Session, community_id: UUID) -> Election | None:
    wanted = select(Election).where(Election.community_id == community_id, UNDER_WAY)
    return session.scalars(wanted.with_for_update()).one_or_none()
