"""Who may do what here: verb by role, and the relation in which the caller stands to the community concerned."""

from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, anywhere

from .model import Meeting
from .projections import Accompaniment, Community, Member

Thing = Community | Meeting


def in_reach(session: Session, actor: Actor, thing: Thing) -> bool:
    """The community belongs to the caller's unit or to one below it."""
    community = _community(session, thing)
    return community is not None and units.reaches(session, actor, community.delegation_id)


def member(session: Session, actor: Actor, thing: Thing) -> bool:
    found = session.get(Member, (_community_id(thing), actor.principal_id)) if actor.principal_id else None
    return found is not None and not found.has_left


def coordinator(session: Session, actor: Actor, thing: Thing) -> bool:
    """Elected, and confirmed by the Delegation."""
    community = _community(session, thing)
    return community is not None and actor.is_(community.coordinator_id)


def companion(session: Session, actor: Actor, thing: Thing) -> bool:
    """The community was given to the caller to accompany."""
    given = actor.person_id and session.get(Accompaniment, (_community_id(thing), actor.person_id))
    return bool(given) and not given.has_ended


def _community(session: Session, thing: Thing) -> Community | None:
    return thing if isinstance(thing, Community) else session.get(Community, thing.community_id)


def _community_id(thing: Thing):
    return thing.id if isinstance(thing, Community) else thing.community_id


SEES = {
    Role.MINISTRY_ADMINISTRATOR: anywhere,
    Role.ACADEMY_OFFICER: in_reach,
    Role.DELEGATION_OFFICER: in_reach,
    Role.PORTAL: in_reach,
    Role.COMPANION: companion,
    Role.PRINCIPAL: member,
}
MEMBER = {Role.PRINCIPAL: member}
COORDINATOR = {Role.PRINCIPAL: coordinator}

kinds = (
    Kind(
        "community",
        {
            "get_community": SEES,
            "list_meetings": SEES,
            "plan_meeting": COORDINATOR,
        },
    ),
    Kind(
        "meeting",
        {
            "get_meeting": SEES,
            "schedule_meeting": COORDINATOR,
            "reschedule_meeting": COORDINATOR,
            "cancel_meeting": COORDINATOR,
            "answer_invitation": MEMBER,
            "list_answers": MEMBER,  # who comes is for the members: above the community, nobody keeps a roll
            "hold_meeting": COORDINATOR,
            "get_minutes": SEES,
            "read_discussion": MEMBER,  # part of the minutes
            "write_minutes": COORDINATOR,
            "publish_minutes": COORDINATOR,
        },
    ),
)
