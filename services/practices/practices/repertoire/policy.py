"""Who may do what here: verb by role, and the relation in which the caller stands to a community or a practice."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, anywhere
from shared.domain.units import Unit

from .model import Audience, Practice, State
from .projections import Accompaniment, Community, Member

CURRENT = Member.has_left.is_(False)


def in_reach(session: Session, actor: Actor, community: Community) -> bool:
    """The community belongs to the caller's unit or to one below it."""
    return units.reaches(session, actor, community.delegation_id)


def member(session: Session, actor: Actor, community: Community) -> bool:
    return _belongs(session, actor, community.id)


def companion(session: Session, actor: Actor, community: Community) -> bool:
    """The community was given to the caller to accompany."""
    given = actor.person_id and session.get(Accompaniment, (community.id, actor.person_id))
    return bool(given) and not given.has_ended


def reader(session: Session, actor: Actor, practice: Practice) -> bool:
    return session.scalar(select(exists().where(Practice.id == practice.id, visible_to(actor))))


def author(_session: Session, actor: Actor, practice: Practice) -> bool:
    return actor.is_(practice.author_id)


def author_and_member(session: Session, actor: Actor, practice: Practice) -> bool:
    """Who has left the community no longer publishes in it."""
    return author(session, actor, practice) and _belongs(session, actor, practice.community_id)


def _belongs(session: Session, actor: Actor, community_id: UUID) -> bool:
    found = session.get(Member, (community_id, actor.principal_id)) if actor.principal_id else None
    return found is not None and not found.has_left


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


def _is_of(actor: Actor, delegation_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Is this the caller's Delegation: in an office's reach, or of a community they belong to?"""
    if actor.role is not Role.PRINCIPAL:
        return units.in_reach_of(actor, delegation_id)
    mine = aliased(Community)
    return delegation_id.in_(select(mine.delegation_id).where(mine.id.in_(_communities_of(actor))))


def _same_academy(actor: Actor) -> Select[tuple[UUID]]:
    mine = aliased(Unit)
    academies = select(mine.parent_id).where(_is_of(actor, mine.id), mine.parent_id.is_not(None))
    return select(Unit.id).where(Unit.parent_id.in_(academies))


def _communities_of(actor: Actor) -> Select[tuple[UUID]]:
    return select(Member.community_id).where(Member.principal_id == actor.principal_id, CURRENT)


def _accompanied_by(actor: Actor) -> Select[tuple[UUID]]:
    given = select(Accompaniment.community_id).where(Accompaniment.has_ended.is_(False))
    return given.where(Accompaniment.companion_id == (actor.person_id if actor.role is Role.COMPANION else None))


EVERYBODY = {role: anywhere for role in Role if role is not Role.SERVICE}
READERS = {role: reader for role in Role if role is not Role.SERVICE}
AUTHOR = {Role.PRINCIPAL: author}

kinds = (
    Kind(
        "community",
        {
            "get_community": {
                Role.MINISTRY_ADMINISTRATOR: anywhere,
                Role.ACADEMY_OFFICER: in_reach,
                Role.DELEGATION_OFFICER: in_reach,
                Role.PORTAL: in_reach,
                Role.COMPANION: companion,
                Role.PRINCIPAL: member,
            },
            "draft_practice": {Role.PRINCIPAL: member},
        },
    ),
    Kind("repertoire", {"search_practices": EVERYBODY}, is_open=True),  # each finds what they may read
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
