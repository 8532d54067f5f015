"""Operations of any kind on their day, and taken back."""

import logging
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from membership import queries
from membership.model import Operation, OperationState
from membership.policy import policy
from shared.domain.actor import Actor
from shared.domain.refusals import Refusal
from shared.domain.seen import demand_seen

from .effects import EFFECTS, follow_up

log = logging.getLogger(__name__)


def take_due_effects(session: Session, now: datetime) -> None:
    """Some at a time, the oldest first. One that cannot take effect keeps no other from doing so; it is tried again."""
    if queries.due_operations(session, now.date()):
        queries.hold_tree(session, to_change=True)
        take_effects_until(session, now.date())


def take_effects_until(session: Session, day: date) -> None:
    """In their order, each as the tree stood on its own day: the one may rest on what the other has opened."""
    for operation_id in queries.due_operations(session, day):
        try:
            with session.begin_nested():
                operation = queries.operation(session, operation_id, lock=True)
                follow_up(session, operation, operation.effective_on)
        except (Refusal, IntegrityError) as error:
            log.error("operation %s cannot take effect: %s", operation_id, type(error).__name__)


def undo_operation(session: Session, actor: Actor, operation_id: UUID) -> Operation:
    """The last one on all that it touched: what was decided or entered on top of it comes first."""
    queries.hold_tree(session, to_change=True)
    found = queries.operation(session, operation_id, lock=True)
    operation = policy.permit(session, actor, "undo_operation", found)
    demand_seen(session, operation)
    was_effective = operation.state is OperationState.EFFECTIVE
    operation.undo(by=actor.id, now=datetime.now(UTC))
    EFFECTS[operation.kind].take_back(session, operation, queries.today(), was_effective)
    return operation
