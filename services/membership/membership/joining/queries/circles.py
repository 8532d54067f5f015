"""Questions about circles: whose turn it is, and what they took part in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from membership.communities import KnownMeeting, Part, Participation
from shared.domain.database import among

from ..model.circle import Share
from ..model.circle_review import AT_ONCE, CircleReview
from ..model.membership import Membership, MembershipState

JOINED_AT = func.coalesce(Membership.joined_at, Membership.answered_at)


def due_review(session: Session, now: datetime) -> CircleReview | None:
    due = select(CircleReview).where(CircleReview.due_at <= now).order_by(CircleReview.due_at).limit(1)
    return session.scalars(due.with_for_update(skip_locked=True)).one_or_none()


def members_in_turn(session: Session, review: CircleReview) -> Sequence[Membership]:
    """The next few. Who is just changed by somebody else is left for the next time: nobody waits here."""
    rows = select(Membership).where(
        Membership.community_id == review.community_id, Membership.state == MembershipState.MEMBER
    )
    if review.membership_id:
        rows = rows.where(Membership.id > review.membership_id)
    in_turn = rows.order_by(Membership.id).limit(AT_ONCE)
    return session.scalars(in_turn.with_for_update(skip_locked=True)).all()


def shares(session: Session, members: Sequence[Membership], since: datetime) -> dict[UUID, Share]:
    """Of what the community has offered each of them since that day and since they joined."""
    published = dict(_published(session, members, since))
    return {
        row.principal_id: Share(row.offered, row.present, row.promised, published.pop(row.principal_id, 0))
        for row in _met(session, members, since)
    }


def _met(session: Session, members: Sequence[Membership], since: datetime) -> Sequence[Row]:
    was_there, said_yes = aliased(Participation), aliased(Participation)
    held = and_(
        KnownMeeting.community_id == Membership.community_id,
        KnownMeeting.held_at >= JOINED_AT,
        KnownMeeting.held_at >= since,
    )
    came_not = case((was_there.thing_id.is_(None), said_yes.thing_id))
    counts = (
        func.count(KnownMeeting.meeting_id).label("offered"),
        func.count(was_there.thing_id).label("present"),
        func.count(came_not).label("promised"),
    )
    counted = select(Membership.principal_id, *counts).select_from(Membership).join(KnownMeeting, held)
    counted = counted.outerjoin(was_there, _at(was_there, Part.PRESENT))
    counted = counted.outerjoin(said_yes, _at(said_yes, Part.SAID_YES))
    these = among(session, Membership.id, [member.id for member in members])
    return session.execute(counted.where(these).group_by(Membership.principal_id)).all()


def _at(part: type[Participation], kind: Part) -> ColumnElement[bool]:
    return and_(
        part.community_id == Membership.community_id,
        part.principal_id == Membership.principal_id,
        part.kind == kind,
        part.thing_id == KnownMeeting.meeting_id,
    )


def _published(session: Session, members: Sequence[Membership], since: datetime) -> Sequence[Row]:
    theirs = and_(
        Participation.community_id == Membership.community_id,
        Participation.principal_id == Membership.principal_id,
        Participation.kind == Part.PUBLISHED,
        Participation.happened_at >= since,
        Participation.happened_at >= JOINED_AT,
    )
    counted = select(Membership.principal_id, func.count()).select_from(Membership).join(Participation, theirs)
    these = among(session, Membership.id, [member.id for member in members])
    return session.execute(counted.where(these).group_by(Membership.principal_id)).all()
