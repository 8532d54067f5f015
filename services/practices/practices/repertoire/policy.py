"""Who may write, read and publish; what a caller may read is one condition."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from practices.roster import ROSTER, Accompaniment, Community, Member
from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, Row
from shared.domain.units import Unit

from .model import Audience, Practice, State


def reader(session: Session, actor: Actor, practice: Practice) -> bool:
    return session.scalar(select(exists().where(Practice.id == practice.id, visible_to(actor)))) or False


def author(_session: Session, actor: Actor, practice: Practice) -> bool:
    return actor.is_(practice.author_id)


def author_and_member(session: Session, actor: Actor, practice: Practice) -> bool:
    """Who has left the community no longer publishes in it."""
    return author(session, actor, practice) and ROSTER.member(session, actor, practice)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """What the caller may read, as one condition: theirs; their communities'; what was opened to wider circles."""
    shared_in_community = and_(Practice.state != State.DRAFT, Practice.community_id.in_(_communities_of(actor)))
    is_theirs = Practice.author_id == actor.principal_id if actor.principal_id else false()
    return or_(is_theirs, shared_in_community, and_(Practice.state == State.PUBLISHED, _opened_to(actor)))


def _opened_to(actor: Actor) -> ColumnElement[bool]:
    to_delegation = Practice.audience.in_((Audience.DELEGATION, Audience.ACADEMY))
    return or_(
        Practice.audience == Audience.EVERYONE,
        and_(to_delegation, Practice.community_id.in_(_accompanied_by(actor))),
        and_(to_delegation, _lies_in(_is_of(actor, Community.delegation_id))),
        and_(Practice.audience == Audience.ACADEMY, _lies_in(Community.delegation_id.in_(_same_academy(actor)))),
    )


def _lies_in(delegation: ColumnElement[bool]) -> ColumnElement[bool]:
    return Practice.community_id.in_(select(Community.id).where(delegation))


def _is_of(actor: Actor, delegation_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Is this the caller's Delegation: in an office's reach, or of a community they belong to?"""
    if actor.role is not Role.PRINCIPAL:
        return units.in_reach_of(actor, delegation_id)
    mine = aliased(Community)
    return delegation_id.in_(select(mine.delegation_id).where(mine.id.in_(_communities_of(actor))))


def _same_academy(actor: Actor) -> Select[UUID]:
    mine = aliased(Unit)
    academies = select(mine.parent_id).where(_is_of(actor, mine.id), mine.parent_id.is_not(None))
    return select(Unit.id).where(Unit.parent_id.in_(academies))


def _communities_of(actor: Actor) -> Select[UUID]:
    return select(Member.community_id).where(Member.principal_id == actor.principal_id, ROSTER.current)


def _accompanied_by(actor: Actor) -> Select[UUID]:
    given = select(Accompaniment.community_id).where(Accompaniment.has_ended.is_(False))
    return given.where(Accompaniment.companion_id == (actor.person_id if actor.role is Role.COMPANION else None))


READERS: Row = {role: reader for role in Role if role is not Role.SERVICE}
AUTHOR: Row = {Role.PRINCIPAL: author}

kinds = (
    Kind("community", {"get_community": ROSTER.sees, "draft_practice": {Role.PRINCIPAL: ROSTER.member}}),
    Kind(
        "practice",
        {
            "get_practice": READERS,
            "revise_practice": AUTHOR,
            "publish_practice": {Role.PRINCIPAL: author_and_member},
            "archive_practice": AUTHOR,
        },
    ),
)
