"""What an operation does to the present on its day, and how that is taken back: one effect for each kind.

    decide: the use case of a kind writes its dated spans (standings, postings), adds the operation, calls `follow_up`
    on the day: `take_effect(session, operation, today)` makes what only knows the present follow
    undo: `take_back(session, operation, today, was_effective)` restores the spans as they were, and the present too

A kind is added by a row of `EFFECTS`. `take_back` refuses where something built on the operation since.
Locks are taken in this order, everywhere: the tree (`queries.hold_tree`: alone by whoever changes it, shared by whoever
enters something in it), the operation, schools, communities, elections, plans, people; each in the order of ids, and
so that rows which only refer to the locked one can be inserted meanwhile. What hangs on these comes after them:
memberships, consents, stays, canvases. Nobody takes an earlier lock once a later one is held.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from membership.organisation import Operation, OperationKind

from . import transfers, tree_operations


@dataclass(frozen=True)
class Effect:
    """Both directions of one kind of operation."""

    take_effect: Callable[[Session, Operation, date], None]
    take_back: Callable[[Session, Operation, date, bool], None]


EFFECTS: Mapping[OperationKind, Effect] = {
    OperationKind.MOUVEMENT: Effect(transfers.take_effect, transfers.take_back),
    **dict.fromkeys(tree_operations.KINDS, Effect(tree_operations.take_effect, tree_operations.take_back)),
}


def follow_up(session: Session, operation: Operation, today: date) -> None:
    """Once its spans are written: the present follows at once if the day has come."""
    if operation.is_due(today):
        operation.take_effect()
        EFFECTS[operation.kind].take_effect(session, operation, today)
