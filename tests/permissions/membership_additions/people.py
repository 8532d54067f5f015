"""Requests about people, and the things that they are about."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from membership.organisation.model.levels import Level
from membership.organisation.model.operation import Operation, OperationKind
from membership.people.model.officer import Companion, Officer, OfficerFunction
from membership.people.model.people import Language
from permissions.matrix import Sample

PERSON = {"name_fr": "Rabia Slaoui", "name_ar": "رابعة السلاوي", "email": "rabia@men.example"}
OFFICER = {"language": "fr", "function": "head", "appointed_on": "2026-09-01", **PERSON}
MOVES = {"effective_on": "2027-09-01", "moves": [{"ppr": "none", "school_code": "none"}]}


def add(session: Session, things: dict[str, Any]) -> dict[str, Sample]:
    """`things` names what the world holds: `delegation`, `community`, `election`, `member`, `invited`, ... (ids)."""
    delegation, officer_id = things["delegation"], uuid4()
    entry = PERSON | {"language": Language.FRENCH}
    office = {"function": OfficerFunction.STAFF, "appointed_on": date(2026, 9, 1)}
    session.add(Officer.appoint(delegation, Level.DELEGATION, officer_id, **entry, **office))
    session.add(Companion.register(things["companion"], unit_id=delegation, **entry))
    now = datetime.now(UTC)
    decided = {"scope_id": delegation, "effective_on": date(2026, 9, 1), "by": "rabia", "now": now}
    operation = Operation.decide(OperationKind.MOUVEMENT, changes=[], **decided)
    session.add(operation)
    return _of_units(delegation, officer_id) | _of_people(things, operation.id)


def _of_units(delegation: UUID, officer_id: UUID) -> dict[str, Sample]:
    path = f"/v1/units/{delegation}"
    return {
        "list_officers": Sample("GET", f"{path}/officers", thing=delegation),
        "get_officer": Sample("GET", f"{path}/officers/{officer_id}", thing=officer_id),
        "appoint_officer": Sample("PUT", f"{path}/officers/{officer_id}", OFFICER, delegation),
        "withdraw_officer": Sample("DELETE", f"{path}/officers/{officer_id}", None, delegation, if_match=None),
        "plan_mouvement": Sample("POST", f"{path}/mouvements?dry_run=true", MOVES, delegation, if_match=None),
        "list_posts": Sample("GET", f"/v1/delegations/{delegation}/posts?vacant=false", thing=delegation),
        "list_without_home": Sample("GET", f"/v1/delegations/{delegation}/without-home", thing=delegation),
    }


def _of_people(things: dict[str, Any], operation: UUID) -> dict[str, Sample]:
    companion = f"/v1/companions/{things['companion']}"
    entry = {"unit_id": str(things["delegation"]), "language": "fr", **PERSON}
    return {
        "show_my_entries": Sample("GET", "/v1/me/entries"),
        "list_registered_companions": Sample("GET", "/v1/companions"),
        "get_companion": Sample("GET", companion, thing=things["companion"]),
        "register_companion": Sample("PUT", companion, entry),
        "show_history": Sample("GET", f"/v1/principals/{things['member']}/history", thing=things["member"]),
        "list_stays": Sample("GET", f"/v1/communities/{things['community']}/stays", thing=things["community"]),
        "list_transfers": Sample("GET", f"/v1/operations/{operation}/transfers", thing=operation),
    }
