"""What can be asked; the first line says by whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.erasure import Traces
from shared.domain.paging import Page, every, page
from shared.domain.policy import EVERYTHING, permit
from shared.messaging.archiving import Holding, Record, records

from .model import Cycle, Language, Practice, State, fold
from .policy import CURRENT, visible_to
from .projections import Community, Member


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


def community(session: Session, community_id: UUID) -> Community | None:
    return session.get(Community, community_id)


def community_card(session: Session, actor: Actor, community_id: UUID) -> CommunityCard:
    found = permit(session, actor, "get_community", community(session, community_id))
    counted = select(func.count()).select_from(Member).where(Member.community_id == community_id, CURRENT)
    return CommunityCard(found, session.scalar(counted))


def practice(session: Session, practice_id: UUID) -> Practice | None:
    return session.get(Practice, practice_id)


def practice_for(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    return permit(session, actor, "get_practice", practice(session, practice_id))


def search(session: Session, actor: Actor, *, q: str, state: State, **where: Any) -> Page:
    """Practices that hold every word of `q`, in the order in which they were drafted."""
    permit(session, actor, "search_practices", EVERYTHING)
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


COMMUNITY = ("id", "name_fr", "name_ar")
MEMBERSHIP = ("community_id", "name_fr", "name_ar", "joined_at", "has_left")
PRACTICE = ("id", "community_id", "state", "language", "cycle", "setting", "audience", "author_name_fr",
            "author_name_ar", "title", "problem", "what_was_done", "result", "resources", "tags",
            "published_at")  # fmt: skip


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    """What this service holds about one person, for the archive that they are owed."""
    return records(session, _holdings(principal_id))


def _holdings(id: UUID) -> Iterator[Holding]:
    belongs = Member.principal_id == id
    yield Holding("practices", select(Practice).where(Practice.author_id == id), Practice.id, PRACTICE)
    yield Holding("memberships", select(Member).where(belongs), Member.community_id, MEMBERSHIP)
    theirs = Community.id.in_(select(Member.community_id).where(belongs))
    yield Holding("communities", select(Community).where(theirs), Community.id, COMMUNITY)


def rows_of_member(session: Session, principal_id: UUID) -> Sequence[Member]:
    """One for each community that they ever belonged to."""
    return session.scalars(select(Member).where(Member.principal_id == principal_id)).all()


def traces_of(session: Session, principal_id: UUID) -> Traces:
    """As they are called in their communities, and as they were when they wrote."""
    rows = rows_of_member(session, principal_id)
    names = select(Practice.author_name_fr, Practice.author_name_ar).where(Practice.author_id == principal_id)
    wrote = session.execute(names.distinct()).all()
    return Traces(
        [*(row.name_fr for row in rows), *(name_fr for name_fr, _ in wrote)],
        [*(row.name_ar for row in rows), *(name_ar for _, name_ar in wrote)],
    )


def is_draft_of(principal_id: UUID) -> ColumnElement[bool]:
    return (Practice.author_id == principal_id) & (Practice.state == State.DRAFT)


def every_practice_of_author(session: Session, principal_id: UUID) -> Iterator[Practice]:
    return every(session, select(Practice).where(Practice.author_id == principal_id), Practice.id)


def every_practice_of(session: Session, community_ids: Collection[UUID]) -> Iterator[Practice]:
    return every(session, select(Practice).where(Practice.community_id.in_(community_ids)), Practice.id)
