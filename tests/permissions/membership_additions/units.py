"""Requests about units, and the things that they are about."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from membership.organisation.model.operation import Operation, OperationKind
from membership.organisation.model.organisation import Academy, Delegation, Zone, ZoneKind
from membership.organisation.use_cases import place_units
from permissions.matrix import Sample
from shared.domain import units

NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
LEVEL = {
    "one_fr": "zone",
    "many_fr": "zones",
    "one_ar": "منطقة",
    "many_ar": "مناطق",
    "one_en": "zone",
    "many_en": "zones",
}


def add(session: Session, things: dict[str, Any]) -> dict[str, Sample]:
    """`things` names what the world holds: `delegation`, `community`, `election`, `member`, `invited`, ... (ids)."""
    delegation = session.get_one(Delegation, things["delegation"])
    zones = [
        Zone.register(delegation.id, code=code, kind=ZoneKind.SCHOOL_BASIN, around_id=None, **NAMES)
        for code in ("Z-1", "Z-2")
    ]
    session.add_all(zones)
    place_units(session, [session.get_one(Academy, things["academy_id"])])
    place_units(session, [delegation])
    place_units(session, zones)
    for zone in zones:
        units.place(session, zone.id, delegation.id)
    wish = {"effective_on": date(2020, 1, 1), "changes": [], "by": "somebody", "now": datetime.now(UTC)}
    operation = Operation.decide(OperationKind.CLOSE, scope_id=delegation.id, **wish)
    session.add(operation)
    return _of_zones(delegation, zones) | _of_operations(operation)


def _of_zones(delegation: Delegation, zones: list[Zone]) -> dict[str, Sample]:
    path, zone, other = f"/v1/delegations/{delegation.id}/zones", zones[0].id, str(zones[1].id)
    when = {"effective_on": "2026-01-01"}

    def dry(verb: str, wish: dict[str, Any]) -> Sample:
        return Sample("POST", f"/v1/units/{zone}/{verb}?dry_run=true", wish | when, zone)

    return {
        "list_zones": Sample("GET", path, thing=delegation.id),
        "get_zone": Sample("GET", f"{path}/by-code/Z-1", thing=delegation.id),
        "put_zone": Sample("PUT", f"{path}/by-code/Z-2", {"kind": "school_basin", **NAMES}, delegation.id),
        "list_units": Sample("GET", "/v1/units"),
        "show_unit": Sample("GET", f"/v1/units/{zone}", thing=zone),
        "list_unit_ancestors": Sample("GET", f"/v1/units/{zone}/ancestors", thing=zone),
        "list_unit_history": Sample("GET", f"/v1/units/{zone}/history", thing=zone),
        "split_unit": dry("split", {"parts": [{"code": "Z-3", "takes": [], **NAMES}]}),
        "merge_units": dry("merge", {"merged": [other]}),
        "move_unit": dry("move", {"parent_id": other}),
        "rename_unit": dry("rename", NAMES),
        "open_unit": dry("open", {}),
        "close_unit": dry("close", {}),
        "list_levels": Sample("GET", "/v1/levels"),
        "get_level": Sample("GET", "/v1/levels/zone"),
        "put_level": Sample("PUT", "/v1/levels/zone", LEVEL),
    }


def _of_operations(operation: Operation) -> dict[str, Sample]:
    path = f"/v1/operations/{operation.id}"
    return {
        "list_operations": Sample("GET", "/v1/operations"),
        "show_operation": Sample("GET", path, thing=operation.id),
        "undo_operation": Sample("POST", f"{path}/undo", None, operation.id),
    }
