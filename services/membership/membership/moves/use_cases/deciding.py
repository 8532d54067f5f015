"""Deciding about units: who may, what changes, what follows from it; a dry run does the same and takes it back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from membership.organisation import (
    Carried,
    CarriedDraft,
    Change,
    Heir,
    LapsedPlan,
    Operation,
    OperationKind,
    Part,
    Standing,
    Tree,
    kept,
    stored,
)
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import Fault

from ..queries import operations
from .effects import follow_up
from .taking import take_effects_until
from .tree_operations import write

VERBS = {
    OperationKind.SPLIT: "split_unit",
    OperationKind.MERGE: "merge_units",
    OperationKind.MOVE: "move_unit",
    OperationKind.RENAME: "rename_unit",
    OperationKind.OPEN: "open_unit",
    OperationKind.CLOSE: "close_unit",
}


@dataclass(frozen=True)
class Decision:
    """An operation, what it means, and what to think of before. Of a dry run nothing is kept."""

    operation: Operation
    consequences: dict[str, int]
    carried: list[Carried]
    warnings: list[Fault]
    is_dry_run: bool

    @property
    def id(self) -> UUID:
        return self.operation.id

    @property
    def changes(self) -> list[Change]:
        return kept(self.operation.changes, Change)

    @property
    def person_ids(self) -> set[UUID]:
        """Whom it moves, or will on its day as things stand now."""
        return set() if self.is_dry_run else self.operation.concerned_ids

    @property
    def edition(self) -> str:
        return self.operation.edition


@dataclass(frozen=True)
class _Wish:
    """What is the same whatever is decided, and the unit that it is asked of."""

    unit: Standing
    kind: OperationKind
    effective_on: date
    note: str | None
    dry_run: bool


def split_unit(
    session: Session, actor: Actor, unit_id: UUID, *, parts: Sequence[dict[str, Any]], closes: bool, **when: Any
) -> Decision:
    unit = _permitted(session, actor, "split_unit", unit_id, when)
    wanted = _parts(session, unit, parts)
    return _decide(session, actor, _Wish(unit, OperationKind.SPLIT, **when), unit.parent_id or unit_id, [unit_id],
                   lambda tree: tree.split(unit_id, wanted, closes=closes))  # fmt: skip


def _parts(session: Session, unit: Standing, parts: Sequence[dict[str, Any]]) -> list[Part]:
    kind = operations.kind_of_zone(session, unit)
    told = [{**part, "code": part["code"].upper() if kind else part["code"]} for part in parts]
    known = operations.units_to_open(session, unit, [part["code"] for part in told])
    kinds = [part.pop("zone_kind", None) for part in told]
    return [
        Part(**part, zone_kind=kind and (its_kind or kind), unit_id=known.get(part["code"]))
        for part, its_kind in zip(told, kinds, strict=True)
    ]


def merge_units(session: Session, actor: Actor, unit_id: UUID, *, merged: Sequence[UUID], **when: Any) -> Decision:
    """Into the unit named by the id."""
    target = _permitted(session, actor, "merge_units", unit_id, when)
    sources = [_permitted(session, actor, "merge_units", source_id, when) for source_id in merged]
    scope_id = operations.lowest_above(session, [unit.parent_id for unit in (target, *sources)], when["effective_on"])
    return _decide(session, actor, _Wish(target, OperationKind.MERGE, **when), scope_id, [unit_id, *merged],
                   lambda tree: tree.merge(merged, unit_id))  # fmt: skip


def move_unit(session: Session, actor: Actor, unit_id: UUID, *, parent_id: UUID, **when: Any) -> Decision:
    unit = _permitted(session, actor, "move_unit", unit_id, when)
    permit(session, actor, "move_unit", operations.as_if_below(session, unit, parent_id))
    scope_id = operations.lowest_above(session, [unit.parent_id, parent_id], when["effective_on"])
    return _decide(session, actor, _Wish(unit, OperationKind.MOVE, **when), scope_id, [unit_id, parent_id],
                   lambda tree: tree.move(unit_id, parent_id))  # fmt: skip


def rename_unit(session: Session, actor: Actor, unit_id: UUID, *, name_fr: str, name_ar: str, **when: Any) -> Decision:
    unit = _permitted(session, actor, "rename_unit", unit_id, when)
    return _decide(session, actor, _Wish(unit, OperationKind.RENAME, **when), unit.parent_id or unit_id, [unit_id],
                   lambda tree: tree.rename(unit_id, name_fr=name_fr, name_ar=name_ar))  # fmt: skip


def open_unit(session: Session, actor: Actor, unit_id: UUID, *, parent_id: UUID | None, **when: Any) -> Decision:
    """Again: what is new is entered by its code."""
    unit = _permitted(session, actor, "open_unit", unit_id, when)
    below_id = parent_id or unit.parent_id or unit_id
    permit(session, actor, "open_unit", operations.as_if_below(session, unit, below_id))
    scope_id = operations.lowest_above(session, [unit.parent_id, below_id], when["effective_on"])
    return _decide(session, actor, _Wish(unit, OperationKind.OPEN, **when), scope_id, [unit_id, below_id],
                   lambda tree: tree.open(unit_id, below_id))  # fmt: skip


def close_unit(session: Session, actor: Actor, unit_id: UUID, **when: Any) -> Decision:
    """Once nothing lies below it, and nobody heads it."""
    unit = _permitted(session, actor, "close_unit", unit_id, when)
    return _decide(session, actor, _Wish(unit, OperationKind.CLOSE, **when), unit.parent_id or unit_id, [unit_id],
                   lambda tree: tree.close(unit_id))  # fmt: skip


def _permitted(session: Session, actor: Actor, verb: str, unit_id: UUID, when: Mapping[str, Any]) -> Standing:
    """One after the other: what is decided rests on how the tree stands.

    Who decides for a later day decides over what is theirs today and will be then: else a Delegation could take back
    for the day after what its academy has decided.
    """
    organisation.hold_tree(session, to_change=True)
    stands = permit(session, actor, verb, organisation.unit(session, unit_id))
    then = organisation.unit(session, unit_id, max(when["effective_on"], organisation.today()))
    return permit(session, actor, verb, then) if then else stands


def _decide(
    session: Session,
    actor: Actor,
    wish: _Wish,
    scope_id: UUID,
    involved: Sequence[UUID],
    changes_of: Callable[[Tree], Sequence[Change | Heir]],
) -> Decision:
    take_effects_until(session, organisation.today())
    changes = changes_of(organisation.tree(session, involved, wish.effective_on))
    decide = partial(Operation.decide, wish.kind, scope_id=scope_id, by=actor.id, now=datetime.now(UTC))
    operation = decide(effective_on=wish.effective_on, changes=stored(*changes), note=wish.note)
    permit(session, actor, VERBS[wish.kind], operations.as_if_below(session, wish.unit, scope_id))
    operations.demand_free_to_close(session, kept(operation.changes, Change), kept(operation.changes, Heir))
    consequences = operations.consequences(session, kept(operation.changes, Change), wish.effective_on)
    with session.begin_nested() as trial:
        session.add(operation)
        write(session, operation)
        followed = _followed(session, operation, organisation.today())
        session.flush()
        session.refresh(operation)
        if wish.dry_run:
            trial.rollback()
    warnings = _warnings(operation, consequences, followed)
    return Decision(operation, consequences, kept(followed, Carried), warnings, wish.dry_run)


def _followed(session: Session, operation: Operation, today: date) -> list[dict[str, Any]]:
    """What goes along or lapses; if the day is to come, seen by letting it happen and taking it back.

    What could not happen then, as things stand now, is refused now.
    """
    if operation.is_due(today):
        follow_up(session, operation, today)
        return operation.changes
    with session.begin_nested() as trial:
        hindered = take_effects_until(session, operation.effective_on)
        if operation.id in hindered:
            raise hindered[operation.id]
        followed = operation.changes
        trial.rollback()
    return followed


def _warnings(operation: Operation, consequences: dict[str, int], followed: list[dict[str, Any]]) -> list[Fault]:
    facts = {
        "operation.elections_go_along": consequences["elections_under_way"],
        "operation.communities_go_along": len(kept(followed, Carried)),
        "operation.canvases_go_along": len(kept(followed, CarriedDraft)),
        "operation.plans_lapse": len(kept(followed, LapsedPlan)),
        "operation.rewrites_past": (organisation.today() - operation.effective_on).days,
    }
    return [Fault(code, facts={"count": count}) for code, count in facts.items() if count > 0]
