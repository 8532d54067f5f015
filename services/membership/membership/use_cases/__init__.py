"""One function per verb: who may, load, ask the model."""

from .academies import put_academy
from .archives import ask_archive, delete_archives_of, delete_old_archives, keep_archive_part
from .bulk import put_principals, put_schools
from .communities import (
    accept_invitation,
    decline_invitation,
    delete_ended_invitations,
    invite_principals,
    lapse_invitations,
    leave,
    plan_community,
)
from .companions import give_companion, withdraw_companion
from .consents import withdraw_consent
from .elections import (
    call_election,
    close_due_elections,
    confirm_coordinator,
    open_election,
    refuse_coordinator,
    stand,
    vote,
)
from .erasure import erase_principal
from .links import revoke_links
from .organisation import import_principals, import_schools, register_delegation
from .sheets import Row, Sheet
from .upserts import put_delegation, put_school

__all__ = [
    "Row",
    "Sheet",
    "accept_invitation",
    "ask_archive",
    "call_election",
    "close_due_elections",
    "confirm_coordinator",
    "decline_invitation",
    "delete_archives_of",
    "delete_ended_invitations",
    "delete_old_archives",
    "erase_principal",
    "give_companion",
    "import_principals",
    "import_schools",
    "invite_principals",
    "keep_archive_part",
    "lapse_invitations",
    "leave",
    "open_election",
    "plan_community",
    "put_academy",
    "put_delegation",
    "put_principals",
    "put_school",
    "put_schools",
    "refuse_coordinator",
    "register_delegation",
    "revoke_links",
    "stand",
    "vote",
    "withdraw_companion",
    "withdraw_consent",
]
