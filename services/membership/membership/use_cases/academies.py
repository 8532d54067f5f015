"""Academies, entered by the Ministry; Delegations are placed under them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Academy
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import EVERYTHING, permit
from shared.domain.seen import demand_seen

from .standings import stand


def put_academy(
    session: Session, actor: Actor, code: str, *, opened_on: date | None = None, **names: Any
) -> tuple[Academy, bool]:
    """The academy, and whether it is new; the same code again corrects the names of the one that is there."""
    permit(session, actor, "put_academy", EVERYTHING)
    queries.hold_tree(session)
    known = queries.academy_by_code(session, code)
    demand_seen(session, known)
    academy = known or Academy.register(code=code, **names)
    academy.correct(**names)
    session.add(academy)
    stand(session, [academy], {academy.id: opened_on})
    units.place(session, academy.id, None)
    return academy, known is None
