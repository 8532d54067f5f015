"""Questions before something is decided about units: what it concerns, and what stands in its way."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from membership.communities import Community
from membership.elections import Election, ElectionState
from membership.joining import Membership, MembershipState
from membership.organisation import (
    KIND_OF,
    MINISTRY_ID,
    Change,
    Heir,
    Level,
    Operation,
    School,
    Standing,
    Zone,
    ZoneKind,
    below,
    kept,
    path_of,
    standings,
    unit,
)
from membership.people import Officer, OfficerState, Principal
from shared.domain.database import among
from shared.domain.refusals import Refused

IN_OFFICE = Officer.state == OfficerState.IN_OFFICE
UNDER_WAY = (ElectionState.CALLED, ElectionState.OPEN, ElectionState.ELECTED)


def as_if_below(session: Session, stands: Standing, parent_id: UUID) -> Standing | None:
    """The same unit where it would stand; none if there is no such place. Kept nowhere."""
    if unit(session, parent_id) is None:
        return None
    return Standing(unit_id=stands.unit_id, level=stands.level, parent_id=parent_id)


def lowest_above(session: Session, unit_ids: Collection[UUID | None], day: date) -> UUID:
    """The lowest unit in whose reach all of these lie, as they stand on that day; what does not stand is nowhere."""
    rows = {row.unit_id: row for row in path_of(session, [id for id in unit_ids if id], day)}
    paths = [_path(rows, unit_id) for unit_id in dict.fromkeys(unit_ids) if unit_id in rows]
    shared = [unit_id for unit_id in paths[0] if all(unit_id in path for path in paths)] if paths else []
    return shared[0] if shared else MINISTRY_ID


def _path(rows: Mapping[UUID, Standing], unit_id: UUID | None) -> list[UUID]:
    path: list[UUID] = []
    while unit_id is not None and unit_id in rows and unit_id not in path:
        path.append(unit_id)
        unit_id = rows[unit_id].parent_id
    return path


def kind_of_zone(session: Session, like: Standing) -> ZoneKind | None:
    """Of one that is still to open, as that was decided; None of other units."""
    if like.level is not Level.ZONE:
        return None
    zone = session.get(Zone, like.unit_id)
    return zone.kind if zone else _kind_decided(session, like)


def _kind_decided(session: Session, like: Standing) -> ZoneKind | None:
    first = min(standings(session, [like.unit_id]), key=lambda row: row.starts_on)
    opening = session.get_one(Operation, first.operation_id)
    kinds = [change.zone_kind for change in kept(opening.changes, Change) if change.unit_id == like.unit_id]
    return ZoneKind(kinds[0]) if kinds and kinds[0] else None


def units_to_open(session: Session, like: Standing, codes: Sequence[str]) -> dict[str, UUID]:
    """Ids of units with these codes whose opening was taken back; refuses a code that is some other unit's."""
    kind = KIND_OF[like.level]
    coded = session.execute(select(kind.code, kind.id).where(kind.code.in_(codes)))
    entered: dict[str, UUID] = {code: id for code, id in coded}  # noqa: C416 - rows, of which dict() knows no types
    standing = {row.unit_id for row in standings(session, entered.values())}
    expected = session.scalars(select(Standing.code).where(Standing.code.in_(codes), Standing.level == like.level))
    taken = [code for code, id in entered.items() if id in standing] + list(expected) + _twice(codes)
    if taken:
        raise Refused("unit.code_taken", unit=taken[0])
    return entered


def _twice(codes: Sequence[str]) -> list[str]:
    return [code for code in codes if codes.count(code) > 1]


def demand_free_to_close(session: Session, changes: Sequence[Change], heirs: Sequence[Heir]) -> None:
    """A Delegation that closes leaves its communities and its people to another."""
    inherited = {heir.heir_of for heir in heirs}
    closed = {change.unit_id: change for change in changes if not change.after and change.unit_id not in inherited}
    ids = [unit_id for unit_id, change in closed.items() if change.level is Level.DELEGATION]
    for kind in (Community, Principal):
        left = select(kind.delegation_id).where(among(session, kind.delegation_id, ids)).limit(1)
        if (delegation_id := session.scalars(left).first()) is not None:
            raise Refused("unit.people_left", unit=closed[delegation_id].shown.code)


def consequences(session: Session, changes: Sequence[Change], day: date) -> dict[str, int]:
    """How many of what lie elsewhere afterwards, as things stand now."""
    moved = [change.unit_id for change in changes if change.moves and change.before]
    schools = select(School.code).where(School.id.in_(select(below(moved, day).c.unit_id)))
    heads = select(Principal.id).where(Principal.school_code.in_(schools))
    theirs = select(Membership.community_id).where(
        Membership.principal_id.in_(heads), Membership.state == MembershipState.MEMBER
    )
    elections = select(Election.id).where(Election.community_id.in_(theirs), Election.state.in_(UNDER_WAY))
    counted = {
        "schools": schools,
        "principals": heads,
        "communities": theirs.distinct(),
        "elections_under_way": elections,
    }
    officers = _officers(session, changes, moved, day)
    return _counts(session, {**counted, "officers": officers})


def _officers(session: Session, changes: Sequence[Change], moved: Sequence[UUID], day: date) -> Select:
    """Those of the units above, before and after, up to where the ways meet; and of what closes."""
    ends = [span.parent_id for change in changes if change.moves for span in (change.before, change.after) if span]
    rows = {row.unit_id: row for row in path_of(session, [id for id in ends if id], day)}
    ways = [set(_path(rows, unit_id)) for unit_id in ends]
    on_all = ways[0].intersection(*ways[1:]) if ways else set()
    changed = {unit_id for way in ways for unit_id in way} - on_all
    closed = {change.unit_id for change in changes if change.after is None}
    return select(Officer.id).where(among(session, Officer.unit_id, list(changed | closed)), IN_OFFICE)


def _counts(session: Session, counted: Mapping[str, Select]) -> dict[str, int]:
    """All in one question."""
    counts = [
        select(func.count()).select_from(rows.subquery()).scalar_subquery().label(name)
        for name, rows in counted.items()
    ]
    return dict(session.execute(select(*counts)).mappings().one())
