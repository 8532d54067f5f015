"""Who may operate a service: the same table everywhere, before each service's own."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, anywhere


def themself(_session: Session, actor: Actor, person_id: UUID) -> bool:
    return actor.is_(person_id)


ADMINISTRATOR = {Role.MINISTRY_ADMINISTRATOR: anywhere}
SERVICE = {Role.SERVICE: anywhere}

kinds = (
    Kind("audit", {"read_audit": ADMINISTRATOR | {Role.PRINCIPAL: themself}}),
    Kind("feed", {"read_events": SERVICE}, is_open=True),
    Kind(
        "log",
        {
            "show_log": ADMINISTRATOR | SERVICE,
            "list_unknown": ADMINISTRATOR | SERVICE,
            "list_held": ADMINISTRATOR | SERVICE,
        },
        is_open=True,
    ),
    Kind(
        "dead_letters",
        {
            "list_dead_letters": ADMINISTRATOR,
            "get_dead_letter": ADMINISTRATOR,
            "replay_dead_letter": ADMINISTRATOR,
            "discard_dead_letter": ADMINISTRATOR,
            "replay_dead_letters": ADMINISTRATOR,
        },
        is_open=True,
    ),
)
