"""Whether all that only knows the present says what the history says of today: entries, the tree of reach, people."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.communities.model.canvas import Canvas, CanvasState
from membership.communities.model.community import Community
from membership.elections.model.election import Election
from membership.organisation.model.organisation import MINISTRY_ID, Academy, Delegation, School, Zone
from membership.organisation.model.standing import Standing
from membership.people.model.people import Principal
from membership.people.model.posting import Posting
from membership.planning.model.plan import PENDING, Plan
from shared.domain.units import Unit

Stands = tuple[UUID | None, str]  # below what, by which name; of a person: which school, or None, and why


class Entry(NamedTuple):
    """A unit as it is entered."""

    code: str
    closed_on: date | None
    stands: Stands
    delegation_id: UUID | None  # of zones and schools, which name it themselves
    is_office: bool = True


def holding(day: date, spans: Iterable) -> list[tuple[UUID, Stands]]:
    return [(id, (where, what)) for id, where, what, start, end in spans if start <= day and (not end or day < end)]


def spans_of_units(session: Session) -> list:
    columns = (Standing.unit_id, Standing.parent_id, Standing.name_fr, Standing.starts_on, Standing.ends_on)
    return list(session.execute(select(*columns)))


def spans_of_people(session: Session) -> list:
    columns = (Posting.principal_id, Posting.school_id, Posting.absence, Posting.starts_on, Posting.ends_on)
    return [(id, where, why or "", *days) for id, where, why, *days in session.execute(select(*columns))]


def demand_present(session: Session, stands: Mapping[UUID, Stands]) -> None:
    """`stands`: units and people as they stand today."""
    entries = _entries(session)
    placed = dict(session.execute(select(Unit.id, Unit.parent_id)).all())
    for id, entry in entries.items():
        assert (entry.closed_on is None) == (id in stands), entry.code
        if id in stands:
            assert entry.stands == stands[id], entry.code
            assert entry.delegation_id in (None, _delegation(entries, stands, id)), entry.code
            above = entry.stands[0] if entry.stands[0] != MINISTRY_ID else None
            assert not entry.is_office or placed[id] == above, entry.code
    _demand_everybody_in_place(session, entries, stands)


def demand_communities_in_place(session: Session) -> None:
    """None lies in a Delegation that is no more, and each election where its community does; nor does anybody.

    Nor is anything begun there that can come to nothing.
    """
    closed = select(Delegation.id).where(Delegation.closed_on.is_not(None))
    for kind in (Community, Principal):
        assert session.scalars(select(kind.id).where(kind.delegation_id.in_(closed))).all() == []
    drafts = select(Canvas.id).where(Canvas.state == CanvasState.DRAFT, Canvas.delegation_id.in_(closed))
    plans = select(Plan.id).where(Plan.state.in_(PENDING), Plan.delegation_id.in_(closed))
    assert session.scalars(drafts.union_all(plans)).all() == []
    elections = select(Election.id).join(Community, Community.id == Election.community_id)
    assert session.scalars(elections.where(Election.delegation_id != Community.delegation_id)).all() == []


def _entries(session: Session) -> dict[UUID, Entry]:
    entries: dict[UUID, Entry] = {}
    for kind, above in ((Academy, None), (Delegation, Delegation.academy_id)):
        columns = (kind.id, kind.code, kind.closed_on, kind.name_fr, *([] if above is None else [above]))
        for id, code, closed, name, *around in session.execute(select(*columns)):
            entries[id] = Entry(code, closed, (next(filter(None, around), MINISTRY_ID), name), None)
    zones = select(Zone.id, Zone.code, Zone.closed_on, Zone.name_fr, Zone.around_id, Zone.delegation_id)
    for id, code, closed, name, around, delegation_id in session.execute(zones):
        entries[id] = Entry(code, closed, (around or delegation_id, name), delegation_id)
    return entries | _schools(session)


def _schools(session: Session) -> dict[UUID, Entry]:
    columns = (School.id, School.code, School.main_code, School.closed_on, School.name_fr, School.zone_id)
    rows = session.execute(select(*columns, School.delegation_id)).all()
    ids = {row.code: row.id for row in rows}
    above = {row.id: row.zone_id or row.delegation_id for row in rows if row.code == row.main_code}
    above |= {row.id: ids[row.main_code] for row in rows if row.code != row.main_code}
    return {
        row.id: Entry(row.code, row.closed_on, (above[row.id], row.name_fr), row.delegation_id, is_office=False)
        for row in rows
    }


def _delegation(entries: Mapping[UUID, Entry], stands: Mapping[UUID, Stands], id: UUID) -> UUID:
    while entries[id].delegation_id:
        id = stands[id][0]
    return id


def _demand_everybody_in_place(session: Session, entries: Mapping[UUID, Entry], stands: Mapping[UUID, Stands]) -> None:
    columns = (Principal.id, Principal.school_code, Principal.delegation_id)
    for id, code, delegation_id in session.execute(select(*columns).where(Principal.erased_at.is_(None))):
        school = entries.get(stands[id][0]) if id in stands else None
        assert code == (school.code if school else ""), id
        if school:
            assert (delegation_id, school.closed_on) == (school.delegation_id, None)
            assert school.stands[0] not in entries or not _is_school(entries, school.stands[0]), code


def _is_school(entries: Mapping[UUID, Entry], id: UUID) -> bool:
    return not entries[id].is_office
