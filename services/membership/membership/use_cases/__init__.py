"""One function per verb: who may, load, ask the model."""

from .communities import (
    accept_invitation,
    decline_invitation,
    invite_principals,
    lapse_invitations,
    leave,
    plan_community,
)
from .elections import (
    call_election,
    close_due_elections,
    confirm_coordinator,
    open_election,
    refuse_coordinator,
    stand,
    vote,
)
from .organisation import import_principals, import_schools, register_delegation
from .sheets import Row, Sheet

__all__ = [
    "Row",
    "Sheet",
    "accept_invitation",
    "call_election",
    "close_due_elections",
    "confirm_coordinator",
    "decline_invitation",
    "import_principals",
    "import_schools",
    "invite_principals",
    "lapse_invitations",
    "leave",
    "open_election",
    "plan_community",
    "refuse_coordinator",
    "register_delegation",
    "stand",
    "vote",
]
