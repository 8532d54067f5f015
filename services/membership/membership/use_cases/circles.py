"""Circles: looked at again when a community has met, when somebody published, and as months pass."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import CircleReview, Share, circle_of
from membership.model.circle import LOOKED_BACK
from shared.domain.database import insert_into
from shared.events import MeetingHeld, PracticePublished


def hear_of_circle(session: Session, event: MeetingHeld | PracticePublished) -> None:
    look_at_circles(session, event.community_id)


def look_at_circles(session: Session, community_id: UUID) -> None:
    """Soon, and once for all that happens until then; one that has begun begins again."""
    due = {"due_at": datetime.now(UTC), "membership_id": None}
    wish = insert_into(session, CircleReview).values(community_id=community_id, **due)
    session.execute(wish.on_conflict_do_update(index_elements=[CircleReview.community_id], set_=due))


def review_circles(session: Session, now: datetime) -> None:
    """A few members of one community at a time."""
    review = queries.due_review(session, now)
    if review is None:
        return
    members = queries.members_in_turn(session, review)
    found = queries.shares(session, members, now - LOOKED_BACK)
    community = queries.community(session, review.community_id)
    for member in members:
        coordinates = community.coordinator_id == member.principal_id
        share = found.get(member.principal_id, Share())
        member.moves_to(circle_of(member.circle, share, coordinates=coordinates))
    review.went_over(members, now=now)
