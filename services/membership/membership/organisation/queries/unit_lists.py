"""Questions about many units of the tree at once, by the codes that a list names."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.database import among

from ..model.levels import Level
from ..model.organisation import Academy, Delegation, Zone
from .tree import codes_expected, path_of, today

KINDS = (Academy, Delegation, Zone)
CHUNK = 1000
LevelCode = tuple[Level, str]  # a code is a level's own


def units_by_code(session: Session, codes: Collection[str]) -> dict[LevelCode, Academy | Delegation | Zone]:
    """Of every level that has one of these codes, whether open or closed."""
    found: dict[LevelCode, Academy | Delegation | Zone] = {}
    for kind in KINDS:
        for some in _in_chunks(codes):
            rows = session.scalars(select(kind).where(among(session, kind.code, some)))
            found |= {(kind.level, row.code): row for row in rows if isinstance(row, KINDS)}
    return found


def depths(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many units lie above each of them today."""
    above = {row.unit_id: row.parent_id for row in path_of(session, unit_ids, today())} if unit_ids else {}
    return {unit_id: _height(unit_id, above) for unit_id in unit_ids}


def _height(unit_id: UUID, above: dict[UUID, UUID | None]) -> int:
    steps, parent_id = 0, above.get(unit_id)
    while parent_id is not None and steps <= len(above):
        steps, parent_id = steps + 1, above.get(parent_id)
    return steps


def level_codes_expected(session: Session, named: Collection[LevelCode]) -> set[LevelCode]:
    """Those with which an operation will open a unit."""
    levels = {level: [code for at, code in named if at is level] for level in {level for level, _ in named}}
    return {(level, row.code) for level, codes in levels.items() for row in _expected(session, level, codes)}


def _expected(session: Session, level: Level, codes: list[str]) -> list:
    return [row for some in _in_chunks(codes) for row in codes_expected(session, some, level)]


def _in_chunks(codes: Collection[str]) -> list[Sequence[str]]:
    distinct = sorted(set(codes))
    return [distinct[start : start + CHUNK] for start in range(0, len(distinct), CHUNK)]
