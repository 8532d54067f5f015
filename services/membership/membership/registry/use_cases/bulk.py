"""Many rows in one request, each standing alone: what is wrong with one keeps no other from being entered."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from membership import organisation, people
from membership.ground import Sheet
from membership.organisation import School, Zone
from membership.organisation import place_units as stand
from membership.people import Principal, post
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import Fault, Refusal, Refused

from .merging import place_in_zone
from .row_rules import (
    appointed_otherwise,
    appointed_too_late,
    below_closed,
    misattached,
    of_elsewhere,
    without_school,
    without_zone,
)

Kind = type[School] | type[Principal]
Known = dict[str, Any]  # by national code
Rules = Callable[[Sheet], Iterable[Fault]]
NO_ZONES: Mapping[str, Zone] = {}


@dataclass(frozen=True)
class Outcome:
    """What became of one row: created, changed, unchanged or refused."""

    row: int
    result: str
    id: UUID | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Outcomes:
    """One for each row, in their order."""

    rows: list[Outcome]

    @property
    def counts(self) -> Counter[str]:
        return Counter(outcome.result for outcome in self.rows)

    @property
    def entered_ids(self) -> list[UUID]:
        return [outcome.id for outcome in self.rows if outcome.id]


def put_schools(session: Session, actor: Actor, delegation_id: UUID, sheets: list[Sheet]) -> Outcomes:
    """`sheets` have one row each. A satellite may stand anywhere after its main school."""
    permit(session, actor, "put_schools", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    codes = _all(sheets, "code")
    known = organisation.schools_by_code(session, codes + _all(sheets, "main_code"))
    before = organisation.schools_attached_to(session, codes)
    zones = organisation.zones_by_code(session, _all(sheets, "zone_code"))

    def rules(sheet: Sheet) -> Iterable[Fault]:
        yield from of_elsewhere(sheet, known, delegation_id)
        yield from misattached(sheet, known, {*before, *known.values()}, delegation_id)
        yield from without_zone(sheet, zones, delegation_id)
        yield from below_closed(sheet, known)

    said = {row.entry.get("code"): row.entry.pop("opened_on", None) for sheet in sheets for row in sheet.rows}
    outcomes = Outcomes([_put(session, School, delegation_id, sheet, known, rules, zones) for sheet in sheets])
    entered = [known[code] for code in said if code in known]
    stand(session, entered, {school.id: said[school.code] for school in entered})
    return outcomes


def put_principals(session: Session, actor: Actor, delegation_id: UUID, sheets: list[Sheet]) -> Outcomes:
    """`sheets` have one row each."""
    permit(session, actor, "put_principals", organisation.delegation(session, delegation_id))
    organisation.hold_tree(session)
    schools = organisation.schools_by_code(session, _all(sheets, "school_code"))
    known = people.principals_by_ppr(session, _all(sheets, "ppr"))
    people.hold_principals(session, [principal.id for principal in known.values()])
    careers = people.careers(session, appointed_otherwise(sheets, known))

    def rules(sheet: Sheet) -> Iterable[Fault]:
        yield from of_elsewhere(sheet, known, delegation_id)
        yield from without_school(sheet, schools, delegation_id)
        yield from appointed_too_late(sheet, known, careers)

    for row in (row for sheet in sheets for row in sheet.rows if row.entry.get("school_code") in schools):
        row.entry["cycle"] = schools[row.entry["school_code"]].cycle
    said = {row.entry.get("ppr"): row.entry.pop("posted_on", None) for sheet in sheets for row in sheet.rows}
    outcomes = Outcomes([_put(session, Principal, delegation_id, sheet, known, rules) for sheet in sheets])
    entered = [known[ppr] for ppr in said if ppr in known]
    post(session, entered, {principal.id: said[principal.ppr] for principal in entered if said[principal.ppr]})
    return outcomes


def _all(sheets: list[Sheet], name: str) -> list[str]:
    return [value for sheet in sheets for value in sheet.all(name)]


def _put(
    session: Session,
    kind: Kind,
    delegation_id: UUID,
    sheet: Sheet,
    known: Known,
    rules: Rules,
    zones: Mapping[str, Zone] = NO_ZONES,
) -> Outcome:
    (row,) = sheet.rows
    try:
        sheet.refuse([*rules(sheet)])
        place_in_zone(row, zones)
        with session.begin_nested():
            entry, result = _enter(session, kind, delegation_id, row.entry, known.get(row.entry[sheet.key]))
    except Refusal as refusal:
        return Outcome(row.line, "refused", refusal=refusal)
    except IntegrityError:
        return Outcome(row.line, "refused", refusal=Refused("request.conflict"))
    known[row.entry[sheet.key]] = entry
    return Outcome(row.line, result, entry.id)


def _enter(session: Session, kind: Kind, delegation_id: UUID, entry: dict[str, Any], known: Any) -> tuple[Any, str]:
    if known is not None:
        return known, "changed" if known.correct(**entry) else "unchanged"
    made = kind.register(delegation_id, **entry)
    session.add(made)
    return made, "created"
