"""Who may see what became of mail."""

from sqlalchemy.orm import Session

from notifications.people import OFFICERS, Recipient, in_reach
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, Row, anywhere

from .model import Message


def recipient_in_reach(session: Session, actor: Actor, message: Message) -> bool:
    recipient = session.get(Recipient, message.principal_id)
    return recipient is not None and in_reach(session, actor, recipient)


OF_RECIPIENT: Row = {
    Role.MINISTRY_ADMINISTRATOR: anywhere,
    Role.ACADEMY_OFFICER: recipient_in_reach,
    Role.DELEGATION_OFFICER: recipient_in_reach,
}

kinds = (
    Kind("mail", {"list_messages": dict.fromkeys(OFFICERS, anywhere)}, is_open=True),  # each finds those in their reach
    Kind("message", {"read_message": OF_RECIPIENT}),
)
