"""Who may do what here: verb by role, and the relation in which the caller stands to the thing."""

from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, anywhere

from .model import Message
from .projections import Community, Recipient


def in_reach(session: Session, actor: Actor, thing: Recipient | Community) -> bool:
    """It belongs to the caller's unit or to one below it."""
    return units.reaches(session, actor, thing.delegation_id)


def recipient_in_reach(session: Session, actor: Actor, message: Message) -> bool:
    recipient = session.get(Recipient, message.principal_id)
    return recipient is not None and in_reach(session, actor, recipient)


def themself(_session: Session, actor: Actor, recipient: Recipient) -> bool:
    """The caller is the very person whom it is about."""
    return actor.is_(recipient.principal_id)


OFFICERS = {
    Role.MINISTRY_ADMINISTRATOR: anywhere,
    Role.ACADEMY_OFFICER: in_reach,
    Role.DELEGATION_OFFICER: in_reach,
}

THEMSELF = {Role.PRINCIPAL: themself}

kinds = (
    Kind("mail", {"list_messages": dict.fromkeys(OFFICERS, anywhere)}, is_open=True),  # each finds those in their reach
    Kind(
        "message",
        {
            "read_message": {
                Role.MINISTRY_ADMINISTRATOR: anywhere,
                Role.ACADEMY_OFFICER: recipient_in_reach,
                Role.DELEGATION_OFFICER: recipient_in_reach,
            }
        },
    ),
    Kind("recipient", {"read_recipient": OFFICERS}),
    Kind(
        "recipient",
        {"list_unsubscriptions": THEMSELF, "unsubscribe": THEMSELF, "resubscribe": THEMSELF},
        is_open=True,  # the caller's own, whoever that is
    ),
    Kind("community", {"read_community": OFFICERS | {Role.PORTAL: in_reach}}),
)
