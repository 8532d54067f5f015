"""Operations of any kind on their day, and taken back."""

import logging
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from membership import organisation
from membership.organisation import Operation, OperationState
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Refusal, Refused

from .effects import EFFECTS, follow_up

log = logging.getLogger(__name__)


def take_due_effects(session: Session, now: datetime) -> None:
    """The oldest first. One that cannot take effect says what is in its way, and is tried again; the others go on."""
    if organisation.due_operations(session, now.date()):
        organisation.hold_tree(session, to_change=True)
        take_effects_until(session, now.date())


def take_effects_until(session: Session, day: date) -> dict[UUID, Refusal]:
    """In their order, each as the tree stood on its own day: the one may rest on what the other has opened.

    Returns those that could not take effect, and why.
    """
    hindered: dict[UUID, Refusal] = {}
    last = None
    while due := organisation.due_operations(session, day, last):
        for operation_id, effective_on in due:
            if why := _hindrance(session, operation_id):
                hindered[operation_id] = why
            last = (effective_on, operation_id)
    return hindered


def _hindrance(session: Session, operation_id: UUID) -> Refusal | None:
    """None: it has taken effect."""
    try:
        with session.begin_nested():
            operation = organisation.decided(session, operation_id)
            follow_up(session, operation, operation.effective_on)
    except (Refusal, IntegrityError) as error:
        why = error if isinstance(error, Refusal) else Refused("request.conflict")
        operation = organisation.decided(session, operation_id)
        if operation.is_hindered(why, now=datetime.now(UTC)):
            log.error("operation %s cannot take effect: %s", operation_id, why.code)
        return why
    return None


def undo_operation(session: Session, actor: Actor, operation_id: UUID) -> Operation:
    """The last one on all that it touched: what was decided or entered on top of it comes first."""
    organisation.hold_tree(session, to_change=True)
    found = organisation.operation(session, operation_id, lock=True)
    operation = permit(session, actor, "undo_operation", found)
    demand_seen(session, operation)
    take_effects_until(session, organisation.today())  # what is due changes the present too
    was_effective = operation.state is OperationState.EFFECTIVE
    operation.undo(by=actor.id, now=datetime.now(UTC))
    EFFECTS[operation.kind].take_back(session, operation, organisation.today(), was_effective)
    return operation
