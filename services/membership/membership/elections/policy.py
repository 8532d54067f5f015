"""Who may call, stand, vote, confirm."""

from sqlalchemy.orm import Session

from membership.communities import ORGANISES
from membership.joining import MEMBER, SEES
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, More, Row

from .model.election import Election


def own_unit(_session: Session, actor: Actor, election: Election) -> bool:
    """Decisions that are the Delegue's are taken by nobody above or below."""
    return actor.unit_id == election.delegation_id


DELEGUE: Row = {Role.DELEGATION_OFFICER: own_unit}

kinds = (
    More("community", {"call_election": ORGANISES}),
    Kind(
        "election",
        {
            "show_election": SEES,
            "stand": MEMBER,
            "open_election": ORGANISES,
            "abandon_election": ORGANISES,
            "vote": MEMBER,
            "confirm_coordinator": DELEGUE,
            "refuse_coordinator": DELEGUE,
        },
    ),
)
