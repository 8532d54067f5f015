"""The ten steps of a community and its silence, from what is kept here and what the other services have told."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, null, select
from sqlalchemy.orm import Session

from membership.communities import (
    Alarm,
    Canvas,
    Community,
    CommunityState,
    KnownMeeting,
    KnownPractice,
    Rules,
    alarms_of,
)
from membership.elections import Election, ElectionState
from membership.joining import Membership, MembershipState
from membership.organisation import Delegation
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import permit

from .model import MOST_NEEDED, Evidence, Fact, Step, ten_steps

AT_ONCE = 100


def communities_to_watch(session: Session, today: date) -> Sequence[Community]:
    """Those that are to be looked at today, longest waiting first."""
    due = select(Community).where(Community.watch_on <= today)
    return session.scalars(due.order_by(Community.watch_on).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


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


def steps(session: Session, actor: Actor, community_id: UUID) -> list[Step]:
    permit(session, actor, "show_steps", session.get(Community, community_id))
    known: dict[Evidence, list[Fact]] = {}
    for evidence, wanted in _wanted(community_id):
        rows = session.execute(wanted.limit(MOST_NEEDED)).all()
        known[evidence] = [Fact(evidence, thing_id, _day(happened)) for thing_id, happened in rows]
    return ten_steps(known)


def _wanted(id: UUID) -> Iterator[tuple[Evidence, Select[Any, Any]]]:
    """For each kind of evidence a thing and its moment, the earliest first; of members only that they joined."""
    yield Evidence.CANVAS_FOUNDED, _earliest(Canvas.id, Canvas.founded_at, Canvas.community_id == id)
    joined = func.coalesce(Membership.joined_at, Membership.answered_at)
    is_member = (Membership.community_id == id) & (Membership.state == MembershipState.MEMBER)
    yield Evidence.MEMBER_JOINED, select(null(), joined).where(is_member).order_by(joined)
    confirmed = (Election.community_id == id) & (Election.state == ElectionState.CONFIRMED)
    yield Evidence.COORDINATOR_CONFIRMED, select(Election.id, null()).where(confirmed).order_by(Election.id)
    yield from _of_rules(Rules.community_id == id)
    yield from _of_meetings(KnownMeeting.community_id == id)
    of_practices = select(KnownPractice.practice_id, null()).where(KnownPractice.community_id == id)
    yield Evidence.PRACTICE_PUBLISHED, of_practices.order_by(KnownPractice.practice_id)


def _of_rules(theirs: ColumnElement[bool]) -> Iterator[tuple[Evidence, Select[Any, Any]]]:
    edition = Rules.edition_number
    yield Evidence.RULES_ADOPTED, _earliest(Rules.id, Rules.adopted_on, theirs & (edition == 1))
    yield Evidence.RULES_REVISED, _earliest(Rules.id, Rules.adopted_on, theirs & (edition == 2))


def _of_meetings(theirs: ColumnElement[bool]) -> Iterator[tuple[Evidence, Select[Any, Any]]]:
    meeting, was_held = KnownMeeting.meeting_id, KnownMeeting.held_at.is_not(None)
    is_dated = KnownMeeting.starts_at.is_not(None) & KnownMeeting.is_cancelled.is_(False)
    yield Evidence.MEETING_SCHEDULED, _earliest(meeting, KnownMeeting.starts_at, theirs & is_dated)
    yield Evidence.MEETING_HELD, _earliest(meeting, KnownMeeting.held_at, theirs & was_held)
    has_minutes = KnownMeeting.has_minutes.is_(True)
    yield Evidence.MINUTES_PUBLISHED, _earliest(meeting, KnownMeeting.starts_at, theirs & has_minutes)


def _earliest(thing: Any, happened: Any, condition: ColumnElement[bool]) -> Select[Any, Any]:
    return select(thing, happened).where(condition).order_by(happened, thing)


def _day(happened: Any) -> Any:
    return happened.date() if isinstance(happened, datetime) else happened
