"""Who may do what here: verb by role, and the relation in which the caller stands to the thing."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, Policy, anywhere

from .model import (
    Academy,
    Accompaniment,
    AccompanimentState,
    Archive,
    Community,
    Consent,
    Delegation,
    Election,
    Membership,
    MembershipState,
    Principal,
)

M = MembershipState


def in_reach(session: Session, actor: Actor, thing: Delegation | Community | Election) -> bool:
    """It belongs to the caller's unit or to one below it."""
    return units.reaches(session, actor, thing.id if isinstance(thing, Delegation) else thing.delegation_id)


def own_academy(_session: Session, actor: Actor, academy: Academy) -> bool:
    return actor.unit_id == academy.id


def own_unit(_session: Session, actor: Actor, election: Election) -> bool:
    """Decisions that are the Delegue's are taken by nobody above or below."""
    return actor.unit_id == election.delegation_id


def invited_or_member(session: Session, actor: Actor, thing: Community | Election) -> bool:
    return _stands(session, actor, _community_id(thing), M.INVITED, M.MEMBER)


def once_invited(session: Session, actor: Actor, community: Community) -> bool:
    """Whatever has become of it: what may be done now is said by the lifecycle."""
    return _stands(session, actor, community.id, *M)


def member(session: Session, actor: Actor, thing: Community | Election) -> bool:
    return _stands(session, actor, _community_id(thing), M.MEMBER)


def coordinator(session: Session, actor: Actor, thing: Community | Election) -> bool:
    """Elected, and confirmed by the Delegation."""
    community = thing if isinstance(thing, Community) else session.get_one(Community, thing.community_id)
    return actor.is_(community.coordinator_id)


def companion(session: Session, actor: Actor, thing: Community | Election) -> bool:
    """The community was given to the caller to accompany."""
    given = exists().where(
        Accompaniment.community_id == _community_id(thing),
        Accompaniment.companion_id == actor.person_id,
        Accompaniment.state == AccompanimentState.CURRENT,
    )
    return session.scalar(select(given))


def themself(_session: Session, actor: Actor, thing: Principal | Consent | Archive) -> bool:
    """The caller is the very person whom it is about."""
    return actor.is_(thing.id if isinstance(thing, Principal) else thing.principal_id)


def person_in_reach(session: Session, actor: Actor, thing: Principal | Archive) -> bool:
    """The person belongs to the caller's unit or to one below it."""
    person = thing if isinstance(thing, Principal) else session.get_one(Principal, thing.principal_id)
    return units.reaches(session, actor, person.delegation_id)


def _community_id(thing: Community | Election) -> UUID:
    return thing.id if isinstance(thing, Community) else thing.community_id


def _stands(session: Session, actor: Actor, community_id: UUID, *states: MembershipState) -> bool:
    mine = exists().where(
        Membership.community_id == community_id,
        Membership.principal_id == actor.principal_id,
        Membership.state.in_(states),
    )
    return session.scalar(select(mine))


MINISTRY = {Role.MINISTRY_ADMINISTRATOR: anywhere}
OFFICE = MINISTRY | {Role.ACADEMY_OFFICER: in_reach, Role.DELEGATION_OFFICER: in_reach, Role.PORTAL: in_reach}
OFFICES = dict.fromkeys(OFFICE, anywhere)
SEES = OFFICE | {Role.COMPANION: companion, Role.PRINCIPAL: invited_or_member}
ORGANISES = OFFICE | {Role.PRINCIPAL: coordinator}
MEMBER = {Role.PRINCIPAL: member}
ONCE_INVITED = {Role.PRINCIPAL: once_invited}
THEMSELF = {Role.PRINCIPAL: themself}
OFFICERS_OF = MINISTRY | {Role.ACADEMY_OFFICER: person_in_reach, Role.DELEGATION_OFFICER: person_in_reach}
DELEGUE = {Role.DELEGATION_OFFICER: own_unit}

policy = Policy(
    Kind(
        "organisation",
        {
            "list_delegations": OFFICES,  # each finds those in their reach
            "register_delegation": MINISTRY,
            "put_delegation": MINISTRY,
            "list_academies": OFFICES,
            "put_academy": MINISTRY,
        },
        is_open=True,
    ),
    Kind("academy", {"get_academy": MINISTRY | {Role.ACADEMY_OFFICER: own_academy}}),
    Kind(
        "delegation",
        {
            "get_delegation": OFFICE,
            "list_schools": OFFICE,
            "get_school": OFFICE,
            "put_school": OFFICE,
            "put_schools": OFFICE,
            "put_principals": OFFICE,
            "import_schools": OFFICE,
            "list_principals": OFFICE,
            "import_principals": OFFICE,
            "list_communities": OFFICE,
            "plan_community": OFFICE,
        },
    ),
    Kind(
        "community",
        {
            "show_community": SEES,
            "list_members": SEES,
            "invite_principals": ORGANISES,
            "accept_invitation": ONCE_INVITED,
            "decline_invitation": ONCE_INVITED,
            "leave": ONCE_INVITED,
            "list_companions": SEES,
            "give_companion": OFFICE,
            "withdraw_companion": OFFICE,
            "call_election": ORGANISES,
        },
    ),
    Kind(
        "election",
        {
            "show_election": SEES,
            "stand": MEMBER,
            "open_election": ORGANISES,
            "vote": MEMBER,
            "confirm_coordinator": DELEGUE,
            "refuse_coordinator": DELEGUE,
        },
    ),
    Kind("consent_text", {"list_consent_texts": dict.fromkeys(Role, anywhere)}, is_open=True),
    Kind("my_consents", {"list_my_consents": {Role.PRINCIPAL: anywhere}}, is_open=True),  # each finds their own
    Kind("principal", {"revoke_links": THEMSELF}, is_open=True),  # the caller's own, whoever that is
    Kind("consent", {"withdraw_consent": THEMSELF}),
    Kind(
        "principal",
        {
            "ask_archive": OFFICERS_OF | THEMSELF,
            "erase_principal": MINISTRY | {Role.DELEGATION_OFFICER: person_in_reach} | THEMSELF,
        },
    ),
    Kind(
        "archive",
        {
            "show_archive": OFFICERS_OF | THEMSELF,
            "download_archive": MINISTRY | THEMSELF,  # what was said in a community is in it: no office reads that
        },
    ),
)
