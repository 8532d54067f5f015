"""Lists of ways by road between schools of a Delegation, as files tell them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import planning
from membership.ground import Sheet
from membership.planning import demand_few_distances, keep_distances
from shared.domain.refusals import Fault

from .merging import Entering

Way = tuple[str, str]


@dataclass(frozen=True)
class JudgedDistances:
    """Ways beside those that are known, and what is wrong with them."""

    delegation_id: UUID
    ways: Mapping[Way, float]
    faults: list[Fault]
    remarks: list[Fault] = field(default_factory=list)
    known: Mapping[str, Any] = field(default_factory=dict)


def judge_distances(session: Session, delegation_id: UUID, sheet: Sheet, _file: object = None) -> JudgedDistances:
    named = sorted({*sheet.all("from_code"), *sheet.all("to_code")})
    here = planning.known_schools(session, delegation_id, named)
    faults = [
        sheet.fault(row, column, "plan.unknown_school")
        for row in sheet.rows
        for column in ("from_code", "to_code")
        if column in row.entry and row.entry[column] not in here
    ]
    ways = {row.entry["pair"]: row.entry["way_km"] for row in sheet.rows if "pair" in row.entry}
    return JudgedDistances(delegation_id, ways, faults)


def enter_distances(session: Session, judged: JudgedDistances) -> Entering:
    known = planning.ways_known(session, judged.delegation_id, list(judged.ways))
    new = {way: km for way, km in judged.ways.items() if known.get(way) != km}
    keep_distances(session, judged.delegation_id, new)
    demand_few_distances(session, judged.delegation_id)
    created, unchanged = len(new.keys() - known.keys()), len(judged.ways) - len(new)
    return Entering(created=created, changed=len(new) - created, unchanged=unchanged)
