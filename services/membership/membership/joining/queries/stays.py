"""Questions about stays: who belonged where on a day, and for how long."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from membership.communities import KEEPS_ITS_KEY, Community, community
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import permit

from ..model.membership import Membership
from ..model.stay import Stay


def communities_held(session: Session, community_ids: Collection[UUID]) -> dict[UUID, Community]:
    """Locked, always in the same order: communities by their ids, then people by theirs."""
    wanted = select(Community).where(Community.id.in_(community_ids)).order_by(Community.id)
    held = session.scalars(wanted.with_for_update(**KEEPS_ITS_KEY).execution_options(populate_existing=True))
    return {community.id: community for community in held}


def stays(
    session: Session, actor: Actor, community_id: UUID, *, as_of: datetime | None, after: UUID | None, limit: int
) -> Page:
    """Everybody's who ever belonged to it, or who did at that moment."""
    permit(session, actor, "list_stays", community(session, community_id))
    rows = select(Stay).where(Stay.community_id == community_id)
    return page(session, rows.where(_at(as_of)) if as_of else rows, Stay.id, after=after, limit=limit)


def home_at(session: Session, principal_id: UUID, at: datetime) -> UUID | None:
    """The home community to which somebody belonged at that moment."""
    home = select(Stay.community_id).where(Stay.principal_id == principal_id, Stay.is_home, _at(at))
    return session.scalars(home).one_or_none()


def open_stays(session: Session, memberships: Collection[Membership]) -> dict[tuple[UUID, UUID], Stay]:
    """By community and principal, of those that have one."""
    people = among(session, Stay.principal_id, {membership.principal_id for membership in memberships})
    found = session.scalars(select(Stay).where(people, Stay.left_at.is_(None)))
    return {(stay.community_id, stay.principal_id): stay for stay in found}


def last_stays(session: Session, pairs: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Stay]:
    """The one that ended last of each pair of community and principal, and perhaps a few of other pairs."""
    there = among(session, Stay.community_id, {community_id for community_id, _ in pairs})
    theirs = among(session, Stay.principal_id, {principal_id for _, principal_id in pairs})
    found = session.scalars(select(Stay).where(there, theirs, Stay.left_at.is_not(None)).order_by(Stay.left_at))
    return {(stay.community_id, stay.principal_id): stay for stay in found}


def _at(moment: datetime) -> ColumnElement[bool]:
    return (Stay.joined_at <= moment) & or_(Stay.left_at.is_(None), Stay.left_at > moment)
