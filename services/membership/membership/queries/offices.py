"""Questions about offices: the units in which officers act, and the officers and companions themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from membership.model import (
    Academy,
    Accompaniment,
    Companion,
    Delegation,
    Level,
    Ministry,
    Officer,
    OfficerState,
)
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit

MOST = 1000  # entries of one person; nobody has had more
KINDS = (Ministry, Academy, Delegation)


@dataclass(frozen=True)
class OwnEntries:
    """What is kept here about somebody who acts for offices, or accompanies communities, since they ask."""

    person_id: UUID | None
    offices: Sequence[Officer]
    companion: Companion | None
    accompaniments: Sequence[Accompaniment]


class Office(NamedTuple):
    """A unit in which officers act: the Ministry, an academy, a Delegation."""

    id: UUID
    level: Level


def office(session: Session, unit_id: UUID) -> Office | None:
    found = (session.get(kind, unit_id) for kind in KINDS)
    return next((Office(unit.id, unit.level) for unit in found if unit is not None), None)


def within(office: Office, column: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Is this column a Delegation of that office?"""
    if office.level is Level.MINISTRY:
        return true()
    if office.level is Level.ACADEMY:
        return column.in_(select(Delegation.id).where(Delegation.academy_id == office.id))
    return column == office.id


def officer(session: Session, unit_id: UUID, officer_id: UUID) -> Officer | None:
    mine = (Officer.unit_id == unit_id) & (Officer.officer_id == officer_id)
    return session.scalars(select(Officer).where(mine)).one_or_none()


def visible_officer(session: Session, actor: Actor, unit_id: UUID, officer_id: UUID) -> Officer:
    """To their unit, and to themself."""
    found = officer(session, unit_id, officer_id)
    return permit(session, actor, "get_officer", found if found and found.is_in_office else None)


def officers(session: Session, actor: Actor, unit_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Those who act for it now."""
    permit(session, actor, "list_officers", office(session, unit_id))
    rows = select(Officer).where(Officer.unit_id == unit_id, Officer.state == OfficerState.IN_OFFICE)
    return page(session, rows, Officer.id, after=after, limit=limit)


def is_in_any_office(session: Session, officer_id: UUID) -> bool:
    mine = (Officer.officer_id == officer_id) & (Officer.state == OfficerState.IN_OFFICE)
    return session.scalar(select(exists().where(mine)))


def my_entries(session: Session, actor: Actor) -> OwnEntries:
    """The offices that they left too: of these no name is left."""
    permit(session, actor, "show_my_entries", EVERYTHING)
    mine = _id_of(actor)
    offices = select(Officer).where(Officer.officer_id == mine).order_by(Officer.id).limit(MOST)
    given = select(Accompaniment).where(Accompaniment.companion_id == mine).order_by(Accompaniment.id.desc())
    companion = session.get(Companion, mine) if mine else None
    return OwnEntries(mine, session.scalars(offices).all(), companion, session.scalars(given.limit(MOST)).all())


def _id_of(actor: Actor) -> UUID | None:
    """Of a token that names nobody whom an office could have entered: none."""
    try:
        return UUID(actor.id)
    except ValueError:
        return None


def companion(session: Session, companion_id: UUID) -> Companion | None:
    return session.get(Companion, companion_id)


def visible_companion(session: Session, actor: Actor, companion_id: UUID) -> Companion:
    return permit(session, actor, "get_companion", companion(session, companion_id))


def registered_companions(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    """Those whom the caller's office, or one below it, has entered."""
    permit(session, actor, "list_registered_companions", EVERYTHING)
    rows = select(Companion).where(units.in_reach_of(actor, Companion.unit_id))
    return page(session, rows, Companion.id, after=after, limit=limit)
