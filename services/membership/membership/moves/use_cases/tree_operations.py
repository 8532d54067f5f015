"""Operations on the tree: what they do to the present on their day, and how they are taken back."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation, people
from membership.organisation import Change, History, Level, Operation, OperationKind, kept

from ..model.soundness import Soundness
from .carrying import carry, carry_back
from .present import follow

KINDS = (
    OperationKind.SPLIT,
    OperationKind.MERGE,
    OperationKind.MOVE,
    OperationKind.RENAME,
    OperationKind.OPEN,
    OperationKind.CLOSE,
)


def write(session: Session, operation: Operation) -> None:
    """The history, for the day of the operation; refuses what would leave the tree unsound on any later day."""
    changes = kept(operation.changes, Change)
    history = History.of(organisation.standings(session, [change.unit_id for change in changes]))
    for change in changes:
        history.write(change, operation.effective_on, operation.id)
    _save(session, history)
    _demand_sound(session, changes, operation.effective_on)


def take_effect(session: Session, operation: Operation, today: date) -> None:
    followed = follow(session, kept(operation.changes, Change), operation.effective_on, today)
    carry(session, operation, followed)


def take_back(session: Session, operation: Operation, today: date, was_effective: bool) -> None:
    changes = kept(operation.changes, Change)
    history = History.of(organisation.standings(session, [change.unit_id for change in changes]))
    for change in reversed(changes):
        history.take_back(change, operation.effective_on, operation.id)
    _save(session, history)
    _demand_sound(session, changes, operation.effective_on)
    if was_effective:
        followed = follow(session, changes, operation.effective_on, today)
        carry_back(session, operation, followed)


def _save(session: Session, history: History) -> None:
    """What goes first: of one unit, no two spans begin on the same day."""
    for row in history.removed:
        session.delete(row)
    session.flush()
    session.add_all(history.added)
    session.flush()


def _demand_sound(session: Session, changes: Sequence[Change], day: date) -> None:
    touched = [change.unit_id for change in changes]
    rows = organisation.standings_around(session, touched, day)
    Soundness(rows, set(touched), day).demand(people.postings_at(session, _schools(changes), day))


def _schools(changes: Sequence[Change]) -> Collection[UUID]:
    return [change.unit_id for change in changes if change.level is Level.SCHOOL]
