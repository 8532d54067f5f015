"""What can be done: one function per verb; the first lines say who may."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain.actor import Actor, permit
from shared.events import CommunityPlanned, MemberJoined, MemberLeft

from . import queries
from .model import Practice
from .projections import Community, Member, UnknownMember

AUTHOR_ONLY = "Only its author may do this."


def draft_practice(session: Session, actor: Actor, community_id: UUID, **text: Any) -> Practice:
    community = queries.community_for(session, actor, community_id)
    member = queries.member_of(session, actor, community.id)
    permit(member is not None, "Only members of the community write for it.")
    practice = Practice.draft(community_id=community_id, author_id=member.principal_id, **_names(member), **text)
    session.add(practice)
    return practice


def revise_practice(session: Session, actor: Actor, practice_id: UUID, **changes: Any) -> Practice:
    practice = _practice_of_author(session, actor, practice_id)
    practice.revise(**changes)
    return practice


def publish_practice(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    practice = _practice_of_author(session, actor, practice_id)
    member = queries.member_of(session, actor, practice.community_id)
    permit(member is not None, "You have left the community, so you cannot publish in it.")
    readers = queries.member_ids(session, practice.community_id)
    practice.publish(reader_ids=readers, **_names(member), now=datetime.now(UTC))
    return practice


def archive_practice(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    practice = _practice_of_author(session, actor, practice_id)
    practice.archive()
    return practice


def _practice_of_author(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    practice = queries.practice_for(session, actor, practice_id)
    permit(actor.is_(practice.author_id), AUTHOR_ONLY)
    return practice


def _names(member: Member) -> dict[str, str]:
    return {"author_name_fr": member.name_fr, "author_name_ar": member.name_ar}


def know_community(session: Session, told: CommunityPlanned) -> None:
    session.merge(
        Community(id=told.community_id, delegation_id=told.delegation_id, name_fr=told.name_fr, name_ar=told.name_ar)
    )


def know_member(session: Session, told: MemberJoined) -> None:
    key = {"community_id": told.community_id, "principal_id": told.principal_id}
    member = session.get(Member, key) or Member(**key)
    member.join(name_fr=told.name_fr, name_ar=told.name_ar, joined_at=told.joined_at)
    session.add(member)


def let_member_go(session: Session, told: MemberLeft) -> None:
    """No longer a reader of what the community keeps to itself; what they wrote stays theirs."""
    member = session.get(Member, {"community_id": told.community_id, "principal_id": told.principal_id})
    if member is None:
        raise UnknownMember(told.principal_id)
    member.leave(told.left_at)
