"""What can be done with a practice: one function per verb; the first lines say who may."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from practices.roster import ROSTER
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import NotFound

from . import queries
from .model import Practice


def draft_practice(session: Session, actor: Actor, community_id: UUID, **text: Any) -> Practice:
    permit(session, actor, "draft_practice", queries.community(session, community_id))
    names = _names(session, actor, community_id)
    practice = Practice.draft(community_id=community_id, author_id=actor.as_principal(), **names, **text)
    session.add(practice)
    return practice


def revise_practice(session: Session, actor: Actor, practice_id: UUID, **changes: Any) -> Practice:
    practice = permit(session, actor, "revise_practice", queries.practice(session, practice_id))
    demand_seen(session, practice)
    practice.revise(**changes)
    return practice


def publish_practice(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    practice = permit(session, actor, "publish_practice", queries.practice(session, practice_id))
    demand_seen(session, practice)
    names = _names(session, actor, practice.community_id)
    readers = ROSTER.member_ids(session, practice.community_id)
    practice.publish(reader_ids=readers, **names, now=datetime.now(UTC))
    return practice


def archive_practice(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    practice = permit(session, actor, "archive_practice", queries.practice(session, practice_id))
    demand_seen(session, practice)
    practice.archive()
    return practice


def _names(session: Session, actor: Actor, community_id: UUID) -> dict[str, str]:
    """As the caller is called in this community."""
    member = ROSTER.member_of(session, actor, community_id)
    if member is None:
        raise NotFound("community.not_found")
    return {"author_name_fr": member.name_fr, "author_name_ar": member.name_ar}
