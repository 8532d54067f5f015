"""What can be asked, and who may see it: for everybody else there is no such thing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from shared.domain.actor import Actor, Role
from shared.domain.paging import Page, page
from shared.domain.refusals import NotFound

from .model import Audience, Cycle, Language, Practice, State, fold
from .projections import Community, Member

CURRENT = Member.has_left.is_(False)
# Which Academy a Delegation belongs to is not told yet: its audience reaches the Delegation, and no further so far.
OF_DELEGATION = (Audience.DELEGATION, Audience.ACADEMY)


@dataclass(frozen=True)
class CommunityCard:
    """A community at a glance."""

    community: Community
    member_count: int


def member_of(session: Session, actor: Actor, community_id: UUID) -> Member | None:
    """The caller as a current member of this community."""
    member = actor.principal_id and session.get(Member, (community_id, actor.principal_id))
    return member if member and not member.has_left else None


def member_ids(session: Session, community_id: UUID) -> list[UUID]:
    current = select(Member.principal_id).where(Member.community_id == community_id, CURRENT)
    return list(session.scalars(current))


def community_for(session: Session, actor: Actor, community_id: UUID) -> Community:
    """Seen by its members and by those who work for its Delegation."""
    community = session.get(Community, community_id)
    if community is None or not _may_see(session, actor, community):
        raise NotFound("community.not_found", "There is no such community, or it is not open to you.")
    return community


def _may_see(session: Session, actor: Actor, community: Community) -> bool:
    return member_of(session, actor, community.id) is not None or actor.works_for(community.delegation_id)


def community_card(session: Session, actor: Actor, community_id: UUID) -> CommunityCard:
    community = community_for(session, actor, community_id)
    counted = select(func.count()).select_from(Member).where(Member.community_id == community_id, CURRENT)
    return CommunityCard(community, session.scalar(counted))


def practice_for(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    found = select(Practice).where(Practice.id == practice_id, visible_to(actor))
    practice = session.scalars(found).one_or_none()
    if practice is None:
        raise NotFound("practice.not_found", "There is no such practice, or it is not open to you.")
    return practice


def search(session: Session, actor: Actor, *, q: str, state: State, **where: Any) -> Page:
    """Practices that hold every word of `q`, in the order in which they were drafted."""
    facets = _facets(cycle=where.pop("cycle", None), language=where.pop("language", None))
    found = select(Practice).where(visible_to(actor), Practice.state == state, *facets, *_holding(q))
    return page(session, found, Practice.id, **where)


def _facets(cycle: Cycle | None, language: Language | None) -> Iterator[ColumnElement[bool]]:
    """What is meant for all cycles is found under each."""
    if cycle:
        yield Practice.cycle.in_((cycle, Cycle.ALL))
    if language:
        yield Practice.language == language


def _holding(words: str) -> Iterator[ColumnElement[bool]]:
    return (Practice.search_text.contains(word, autoescape=True) for word in fold(words).split())


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What the caller may read, as one condition: theirs; their communities'; what was opened to wider circles."""
    shared_in_community = and_(Practice.state != State.DRAFT, Practice.community_id.in_(_communities_of(actor)))
    opened = or_(
        Practice.audience == Audience.EVERYONE,
        and_(Practice.audience.in_(OF_DELEGATION), _lies_in_delegation_of(actor)),
    )
    is_theirs = Practice.author_id == actor.principal_id if actor.principal_id else false()
    return or_(is_theirs, shared_in_community, and_(Practice.state == State.PUBLISHED, opened))


def _communities_of(actor: Actor) -> Select[tuple[UUID]]:
    return select(Member.community_id).where(Member.principal_id == actor.principal_id, CURRENT)


def _lies_in_delegation_of(actor: Actor) -> ColumnElement[bool]:
    if actor.administers():
        return true()
    of_these = Community.delegation_id.in_(_delegations_of(actor))
    return Practice.community_id.in_(select(Community.id).where(of_these))


def _delegations_of(actor: Actor) -> Select[tuple[UUID]] | list[UUID]:
    if actor.role in (Role.DELEGATION_OFFICER, Role.PORTAL):
        return [actor.unit_id] if actor.unit_id else []
    mine = aliased(Community)
    return select(mine.delegation_id).where(mine.id.in_(_communities_of(actor)))
