"""What can be done: one function per verb; the first lines say who may."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.seen import demand_seen
from shared.events import (
    ArchiveAsked,
    ArchiveDeleted,
    CommunityMoved,
    CommunityPlanned,
    CompanionGiven,
    CompanionWithdrawn,
    DelegationRegistered,
    MemberJoined,
    MemberLeft,
    PracticesPartGathered,
    PrincipalErased,
)
from shared.messaging import archiving, erasure
from shared.web import idempotency

from . import queries
from .model import Practice
from .projections import Accompaniment, Community, Member, UnknownCommunity, UnknownMember


def draft_practice(session: Session, actor: Actor, community_id: UUID, **text: Any) -> Practice:
    permit(session, actor, "draft_practice", queries.community(session, community_id))
    member = queries.member_of(session, actor, community_id)
    practice = Practice.draft(community_id=community_id, author_id=member.principal_id, **_names(member), **text)
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
    member = queries.member_of(session, actor, practice.community_id)
    readers = queries.member_ids(session, practice.community_id)
    practice.publish(reader_ids=readers, **_names(member), now=datetime.now(UTC))
    return practice


def archive_practice(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    practice = permit(session, actor, "archive_practice", queries.practice(session, practice_id))
    demand_seen(session, practice)
    practice.archive()
    return practice


def _names(member: Member) -> dict[str, str]:
    return {"author_name_fr": member.name_fr, "author_name_ar": member.name_ar}


def know_community(session: Session, told: CommunityPlanned) -> None:
    session.merge(
        Community(id=told.community_id, delegation_id=told.delegation_id, name_fr=told.name_fr, name_ar=told.name_ar)
    )


def know_place(session: Session, told: CommunityMoved) -> None:
    community = session.get(Community, told.community_id)
    if community is None:
        raise UnknownCommunity(told.community_id)
    community.move(told.delegation_id)


def know_unit(session: Session, told: DelegationRegistered) -> None:
    units.place(session, told.delegation_id, told.academy_id)


def know_companion(session: Session, told: CompanionGiven) -> None:
    _accompaniment(session, told).begin(told.given_at)


def let_companion_go(session: Session, told: CompanionWithdrawn) -> None:
    _accompaniment(session, told).end(told.withdrawn_at)


def _accompaniment(session: Session, told: CompanionGiven | CompanionWithdrawn) -> Accompaniment:
    key = {"community_id": told.community_id, "companion_id": told.companion_id}
    found = session.get(Accompaniment, key) or Accompaniment(**key)
    session.add(found)
    return found


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


def erase_person(session: Session, told: PrincipalErased) -> None:
    """Drafts were theirs alone and go; what they shared stays, by a former member."""
    traces = queries.traces_of(session, told.principal_id)
    session.execute(delete(Practice).where(queries.is_draft_of(told.principal_id)))
    for practice in queries.every_practice_of_author(session, told.principal_id):
        practice.forget_author()
    for practice in queries.every_practice_of(session, told.community_ids):
        practice.leave_out(traces)
    session.flush()
    erasure.erase(session, told.principal_id, told.community_ids, traces)
    idempotency.forget_person(session, told.principal_id, traces)


def forget_names(session: Session, told: PrincipalErased) -> None:
    for member in queries.rows_of_member(session, told.principal_id):
        member.forget()


def gather_archive(session: Session, asked: ArchiveAsked) -> None:
    archiving.gather(session, asked, PracticesPartGathered, queries.everything_about(session, asked.principal_id))


def blank_archive(session: Session, told: ArchiveDeleted) -> None:
    archiving.blank(session, told.archive_id)
