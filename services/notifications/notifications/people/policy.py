"""Who may see what is known here of whom."""

from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, Row, anywhere

from .projections import ROSTER, Recipient


def in_reach(session: Session, actor: Actor, recipient: Recipient) -> bool:
    """They belong to the caller's unit or to one below it."""
    return units.reaches(session, actor, recipient.delegation_id)


def themself(_session: Session, actor: Actor, recipient: Recipient) -> bool:
    """The caller is the very person whom it is about."""
    return actor.is_(recipient.principal_id)


OFFICERS: Row = {
    Role.MINISTRY_ADMINISTRATOR: anywhere,
    Role.ACADEMY_OFFICER: in_reach,
    Role.DELEGATION_OFFICER: in_reach,
}
THEMSELF: Row = {Role.PRINCIPAL: themself}

kinds = (
    Kind("recipient", {"read_recipient": OFFICERS}),
    Kind("community", {"read_community": ROSTER.offices}),
)
