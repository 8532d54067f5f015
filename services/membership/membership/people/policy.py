"""Who may do what with principals, officers and companions; and how a caller stands to a person."""

from typing import Any

from sqlalchemy.orm import Session

from membership.organisation import MINISTRY, OFFICE, OFFICES, STAFF, Delegation, office_in_reach
from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, More, Row

from .model.officer import Companion, Officer
from .model.people import Principal


def themself(_session: Session, actor: Actor, thing: Any) -> bool:
    """The caller is the very person whom it is about; `thing` says who that is."""
    return actor.is_(thing.person_id)


def person_in_reach(session: Session, actor: Actor, thing: Any) -> bool:
    """The person whom it is about belongs to the caller's unit or to one below it."""
    return units.reaches(session, actor, session.get_one(Principal, thing.person_id).delegation_id)


def principal_of_it(session: Session, actor: Actor, delegation: Delegation) -> bool:
    """The caller heads a school of this Delegation."""
    person = session.get(Principal, actor.principal_id) if actor.principal_id else None
    return person is not None and person.delegation_id == delegation.id


def officer_in_reach(session: Session, actor: Actor, officer: Officer) -> bool:
    """They act for the caller's unit or for one below it; or the caller is that officer."""
    return actor.id == str(officer.officer_id) or units.reaches(session, actor, officer.unit_id)


def companion_in_reach(session: Session, actor: Actor, companion: Companion) -> bool:
    """They were entered by the caller's unit or by one below it."""
    return units.reaches(session, actor, companion.unit_id)


def companion_themself(_session: Session, actor: Actor, companion: Companion) -> bool:
    return actor.person_id == companion.id


THEMSELF: Row = {Role.PRINCIPAL: themself}
OFFICERS_OF: Row = {**MINISTRY, **dict.fromkeys(STAFF, person_in_reach)}
OFFICERS_HERE: Row = {**MINISTRY, **dict.fromkeys(STAFF, office_in_reach)}
WHO_ENTERED: Row = {**MINISTRY, **dict.fromkeys(STAFF, companion_in_reach)}

kinds = (
    More(
        "organisation",
        {"list_registered_companions": {role: row for role, row in OFFICES.items() if role is not Role.PORTAL}},
    ),
    More("delegation", {"list_posts": OFFICE}),
    Kind(
        "unit",
        {
            "list_officers": OFFICERS_HERE,
            "appoint_officer": OFFICERS_HERE,
            "withdraw_officer": OFFICERS_HERE,
            "register_companion": OFFICERS_HERE,
        },
    ),
    Kind("officer", {"get_officer": {**MINISTRY, **dict.fromkeys(STAFF, officer_in_reach)}}),
    Kind(
        "companion",
        {
            "get_companion": {**WHO_ENTERED, Role.COMPANION: companion_themself},
            "correct_companion": WHO_ENTERED,
        },
    ),
)
