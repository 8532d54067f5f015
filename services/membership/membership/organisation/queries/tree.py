"""Questions about the tree of units: who stands where, on any day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit

from ..model.history import Change
from ..model.levels import Level
from ..model.operation import Operation, OperationState
from ..model.organisation import MINISTRY_ID, Academy, Delegation, Ministry, School, Zone
from ..model.standing import Standing
from ..model.tree import Tree

AT_ONCE = 20

KIND_OF: dict[Level, Any] = {
    Level.MINISTRY: Ministry,
    Level.ACADEMY: Academy,
    Level.DELEGATION: Delegation,
    Level.ZONE: Zone,
    Level.SCHOOL: School,
}


def today() -> date:
    return datetime.now(UTC).date()


def hold_tree(session: Session, *, to_change: bool = False) -> None:
    """Operations on the tree follow each other; entries only keep them waiting. Held until the transaction ends.

    Always the first lock: whoever holds a row of a unit, a school or a person, and then asks for the tree, may wait
    for somebody who waits for that row.
    """
    session.get(Ministry, MINISTRY_ID, with_for_update={"read": not to_change}, populate_existing=True)


def unit(session: Session, unit_id: UUID, day: date | None = None) -> Standing | None:
    """How it stands on that day; for today, also how it stood last, or will stand first."""
    if day is not None:
        return session.scalars(_of(unit_id).where(holding(day))).one_or_none()
    begun = case((Standing.starts_on <= today(), Standing.starts_on))
    in_order = _of(unit_id).order_by(begun.is_(None), begun.desc(), Standing.starts_on)
    return session.scalars(in_order.limit(1)).first()


def visible_unit(session: Session, actor: Actor, unit_id: UUID, day: date | None) -> Standing:
    found = permit(session, actor, "show_unit", unit(session, unit_id))
    return found if day is None else permit(session, actor, "show_unit", unit(session, unit_id, day))


def unit_history(session: Session, actor: Actor, unit_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Every span of it, in the order in which they were written."""
    permit(session, actor, "list_unit_history", unit(session, unit_id))
    return page(session, _of(unit_id), Standing.id, after=after, limit=limit)


def ancestors(session: Session, actor: Actor, unit_id: UUID, day: date | None) -> Sequence[Standing]:
    """From the unit's parent up to the top, as they stood on that day."""
    day = day or today()
    permit(session, actor, "list_unit_ancestors", unit(session, unit_id))
    found = {row.unit_id: row for row in path_of(session, [unit_id], day)}
    path: list[Standing] = []
    row = found.get(unit_id)
    while row is not None and row.parent_id in found and len(path) < units.DEEPEST:
        row = found[row.parent_id]
        path.append(row)
    return path


def listed_units(
    session: Session,
    actor: Actor,
    *,
    under: UUID | None,
    level: Level | None,
    as_of: date | None,
    after: UUID | None,
    limit: int,
) -> Page:
    """Those of today's reach, as they stood on that day, and the path above them."""
    day = as_of or today()
    permit(session, actor, "list_units", EVERYTHING)
    rows = select(Standing).where(holding(day), _in_sight_of(session, actor))
    if under is not None:
        permit(session, actor, "show_unit", unit(session, under))
        rows = rows.where(Standing.unit_id.in_(select(below([under], day).c.unit_id)), Standing.unit_id != under)
    if level is not None:
        rows = rows.where(Standing.level == level)
    return page(session, rows, Standing.unit_id, after=after, limit=limit)


def _in_sight_of(session: Session, actor: Actor) -> ColumnElement[bool]:
    if actor.unit_id is None:
        return units.in_reach_of(actor, Standing.unit_id)
    above = [row.unit_id for row in path_of(session, [actor.unit_id], today())]
    school = exists().where(School.id == Standing.unit_id, units.in_reach_of(actor, School.delegation_id))
    is_school = and_(Standing.level == Level.SCHOOL, school)
    return or_(units.in_reach_of(actor, Standing.unit_id), is_school, among(session, Standing.unit_id, above))


def holding(day: date) -> ColumnElement[bool]:
    return and_(Standing.starts_on <= day, or_(Standing.ends_on.is_(None), Standing.ends_on > day))


def not_over(day: date) -> ColumnElement[bool]:
    return or_(Standing.ends_on.is_(None), Standing.ends_on > day)


def below(unit_ids: Collection[UUID], day: date) -> CTE:
    """These, and all that lies below them on that day."""
    top = select(Standing.unit_id).where(Standing.unit_id.in_(unit_ids), holding(day)).cte(recursive=True)
    return top.union(select(Standing.unit_id).where(Standing.parent_id == top.c.unit_id, holding(day)))


def path_of(session: Session, unit_ids: Collection[UUID], day: date) -> Sequence[Standing]:
    """These units and all above them, as they stand on that day."""
    start = select(Standing.unit_id, Standing.parent_id).where(among(session, Standing.unit_id, unit_ids), holding(day))
    up = start.cte(recursive=True)
    above = select(Standing.unit_id, Standing.parent_id).where(Standing.unit_id == up.c.parent_id, holding(day))
    up = up.union(above)
    return session.scalars(select(Standing).where(Standing.unit_id.in_(select(up.c.unit_id)), holding(day))).all()


def standing_with_all_below(session: Session, changes: Iterable[Change], day: date) -> Sequence[Standing]:
    """What is changed; of zones and schools also what lies below, which names its Delegation itself."""
    ids = {change.unit_id: change.level for change in changes}
    lower = [unit_id for unit_id, level in ids.items() if level in (Level.ZONE, Level.SCHOOL)]
    wanted = or_(among(session, Standing.unit_id, list(ids)), Standing.unit_id.in_(select(below(lower, day).c.unit_id)))
    rows = session.scalars(select(Standing).where(wanted, holding(day))).all()
    return sorted(rows, key=lambda row: row.starts_on)


def entries(session: Session, wanted: Mapping[UUID, Level]) -> dict[UUID, Any]:
    """The units as they are entered, by their ids: one question for each level."""
    found: dict[UUID, Any] = {}
    for level, kind in KIND_OF.items():
        ids = [unit_id for unit_id, its_level in wanted.items() if its_level is level]
        rows = session.scalars(select(kind).where(among(session, kind.id, ids)).order_by(kind.id)) if ids else ()
        found |= {row.id: row for row in rows}
    return found


def standings(session: Session, unit_ids: Collection[UUID]) -> Sequence[Standing]:
    """All spans of these units."""
    return session.scalars(select(Standing).where(among(session, Standing.unit_id, list(unit_ids)))).all()


def tree(session: Session, unit_ids: Collection[UUID], day: date) -> Tree:
    """These units and their children on that day, with all their spans."""
    children = select(Standing.unit_id).where(among(session, Standing.parent_id, unit_ids), holding(day))
    involved = or_(among(session, Standing.unit_id, unit_ids), Standing.unit_id.in_(children))
    return Tree(session.scalars(select(Standing).where(involved)).all(), day)


def standings_around(session: Session, unit_ids: Collection[UUID], day: date) -> Sequence[Standing]:
    """What is asked of a change's soundness: these, what lies right below from then on, all that was ever above."""
    near = or_(among(session, Standing.unit_id, unit_ids), among(session, Standing.parent_id, unit_ids))
    up = select(Standing.unit_id, Standing.parent_id).where(near, not_over(day)).cte(recursive=True)
    above = select(Standing.unit_id, Standing.parent_id).where(Standing.unit_id == up.c.parent_id, not_over(day))
    up = up.union(above)
    wanted = or_(Standing.unit_id.in_(select(up.c.unit_id)), among(session, Standing.unit_id, unit_ids))
    return session.scalars(select(Standing).where(wanted)).all()


def codes_expected(session: Session, codes: Collection[str], level: Level) -> Sequence[Standing]:
    """Units that will be opened with one of these codes."""
    later = (Standing.level == level) & (Standing.starts_on > today())
    return session.scalars(select(Standing).where(among(session, Standing.code, list(codes)), later)).all()


def operation(session: Session, operation_id: UUID, *, lock: bool = False) -> Operation | None:
    return session.get(Operation, operation_id, with_for_update=lock or None)


def decided(session: Session, operation_id: UUID) -> Operation:
    """Of what is known to have been decided; locked."""
    return session.get_one(Operation, operation_id, with_for_update=True)


def visible_operation(session: Session, actor: Actor, operation_id: UUID) -> Operation:
    return permit(session, actor, "show_operation", operation(session, operation_id))


def operations(
    session: Session,
    actor: Actor,
    *,
    under: UUID | None,
    state: OperationState | None,
    after: UUID | None,
    limit: int,
) -> Page:
    """Decided for a unit in the caller's reach, or above it about one of theirs; or below the unit asked for."""
    permit(session, actor, "list_operations", EVERYTHING)
    theirs = or_(units.in_reach_of(actor, Standing.unit_id), units.in_reach_of(actor, Standing.parent_id))
    about_theirs = select(Standing.operation_id).where(Standing.operation_id.is_not(None), theirs)
    rows = select(Operation).where(or_(units.in_reach_of(actor, Operation.scope_id), Operation.id.in_(about_theirs)))
    if under is not None:
        permit(session, actor, "show_unit", unit(session, under))
        rows = rows.where(Operation.scope_id.in_(select(below([under], today()).c.unit_id)))
    if state is not None:
        rows = rows.where(Operation.state == state)
    return page(session, rows, Operation.id, after=after, limit=limit)


def due_operations(session: Session, day: date, after: tuple[date, UUID] | None = None) -> Sequence[Any]:
    """The ids of some, with their days: those that are due first, or first after the last one that was seen."""
    due = select(Operation.id, Operation.effective_on).where(
        Operation.state == OperationState.SCHEDULED, Operation.effective_on <= day
    )
    in_order = (Operation.effective_on, Operation.id)
    due = due if after is None else due.where(tuple_(*in_order) > after)
    return session.execute(due.order_by(*in_order).limit(AT_ONCE)).all()


def still_to_come(session: Session, operation_ids: Collection[UUID]) -> set[UUID]:
    """Those of these operations that have not taken effect: the present does not know of them."""
    to_come = (Operation.state == OperationState.SCHEDULED) & among(session, Operation.id, list(operation_ids))
    return set(session.scalars(select(Operation.id).where(to_come)))


def _of(unit_id: UUID) -> Select[Standing]:
    return select(Standing).where(Standing.unit_id == unit_id)
