"""The tree of units as each service knows it: how far an officer's reach goes, which is their unit and all below."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, false, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from .actor import Actor, Role
from .database import MessagingBase, among, insert_into

DEEPEST = 16  # levels; whoever told of a circle would otherwise keep us going round
AT_ONCE = 1000  # rows of one statement
OFFICES = (Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL)


class Unit(MessagingBase):
    """One unit below another; one that nothing was told of stands alone."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[UUID | None] = mapped_column(index=True)


def place(session: Session, unit_id: UUID, parent_id: UUID | None) -> None:
    """Told again, or otherwise: the last word counts."""
    session.merge(Unit(id=unit_id, parent_id=parent_id))


def place_all(session: Session, parents: Mapping[UUID, UUID | None]) -> None:
    """The same of many at once, in a statement for each thousand; call it before any of them is looked at."""
    rows = [{"id": unit_id, "parent_id": parent_id} for unit_id, parent_id in sorted(parents.items())]
    for start in range(0, len(rows), AT_ONCE):
        told = insert_into(session, Unit).values(rows[start : start + AT_ONCE])
        session.execute(
            told.on_conflict_do_update(index_elements=[Unit.id], set_={"parent_id": told.excluded.parent_id})
        )


def reaches(session: Session, actor: Actor, unit_id: UUID) -> bool:
    """Does the caller's office lie at this unit or above it?"""
    if actor.administers():
        return True
    if actor.role not in OFFICES or actor.unit_id is None:
        return False
    return actor.unit_id == unit_id or lies_below(session, unit_id, actor.unit_id)


def reaches_any(session: Session, actor: Actor, unit_ids: Collection[UUID]) -> bool:
    """The same for one of many, in one question."""
    these = among(session, Unit.id, list(unit_ids))
    return session.scalar(select(Unit.id).where(these, in_reach_of(actor, Unit.id)).limit(1)) is not None


def lies_below(session: Session, unit_id: UUID, ancestor_id: UUID) -> bool:
    """Is the one an ancestor of the other? No unit lies below itself."""
    unit = session.get(Unit, unit_id)
    for _ in range(DEEPEST):
        if unit is None or unit.parent_id is None:
            return False
        if unit.parent_id == ancestor_id:
            return True
        unit = session.get(Unit, unit.parent_id)
    return False


def in_reach_of(
    actor: Actor, column: SQLColumnExpression[UUID] | SQLColumnExpression[UUID | None]
) -> ColumnElement[bool]:
    """The same for lists: is this column one of the units in the caller's reach?"""
    if actor.administers():
        return true()
    if actor.role not in OFFICES or actor.unit_id is None:
        return false()
    return or_(column == actor.unit_id, column.in_(_below(actor.unit_id)))


def _below(unit_id: UUID) -> Select[UUID]:
    below = select(Unit.id).where(Unit.parent_id == unit_id).cte(recursive=True)
    return select(below.union(select(Unit.id).where(Unit.parent_id == below.c.id)).c.id)
