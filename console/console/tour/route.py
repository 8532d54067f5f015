"""The order of the tour."""

from collections.abc import Callable
from pathlib import Path

from shared.domain.actor import Actor

from . import cast, forming, living
from .cast import Cast
from .guide import Guide
from .mailbox import Mailbox, Source
from .narrator import Narrator
from .portal import Portal

STEPS = (
    forming.enter_delegation,
    forming.import_schools,
    forming.import_principals,
    forming.plan_community,
    forming.invite_principals,
    forming.answer_invitations,
    forming.elect_coordinator,
    forming.confirm_coordinator,
    living.schedule_meeting,
    living.answer_meeting,
    living.move_meeting,
    living.hold_meeting,
    living.share_practice,
    living.settle_accounts,
)


def take(urls: dict[str, str], token_of: Callable[[Actor], str], mails: Source, schools: Path | None) -> Guide:
    """Every step, every consequence; raises `NotSeen` or `Unwelcome` at the first that fails."""
    files = cast.read(schools) if schools else cast.generated()
    with Portal(urls, token_of) as portal:
        guide = Guide(portal, Mailbox(mails), Narrator(), Cast(files))
        for step in STEPS:
            step(guide)
    return guide
