"""Requests about imports, and the things that they are about."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from membership.registry.model import ColumnMapping, Import, ImportKind
from permissions.matrix import Sample
from shared.domain.actor import Actor, Role

COLUMNS = {"kind": "schools", "columns": {"code": "GRESA"}}


def add(session: Session, things: dict[str, Any]) -> dict[str, Sample]:
    """`things` names what the world holds: `delegation`, `community`, `election`, `member`, `invited`, ... (ids)."""
    now, delegation_id = datetime.now(UTC), things["delegation"]
    wish = {"kind": ImportKind.SCHOOLS, "file_name": "", "size_bytes": 0, "is_dry_run": True}
    asked = Import.receive(Actor("a", Role.PORTAL), delegation_id=delegation_id, now=now, **wish)
    mapping = {"kind": ImportKind.SCHOOLS, "columns": {}, "reading": {}}
    session.add(asked)
    session.add_all(ColumnMapping.save(delegation_id, name, now=now, **mapping) for name in ("gresa", "gone"))
    path, of = f"/v1/imports/{asked.id}", f"?delegation_id={delegation_id}"
    return {
        "start_import": Sample(
            "POST", "/v1/imports", None, file="code\n", form={"kind": "schools", "delegation_id": str(delegation_id)}
        ),
        "preview_import": Sample("POST", "/v1/imports/preview", None, file="code\n", form={"kind": "schools"}),
        "list_imports": Sample("GET", "/v1/imports"),
        "show_import": Sample("GET", path, thing=asked.id),
        "list_import_faults": Sample("GET", f"{path}/faults", thing=asked.id),
        "download_import_report": Sample("GET", f"{path}/report", thing=asked.id),
        "cancel_import": Sample("DELETE", path, thing=asked.id),
        "list_mappings": Sample("GET", "/v1/mappings"),
        "get_mapping": Sample("GET", f"/v1/mappings/gresa{of}"),
        "put_mapping": Sample("PUT", f"/v1/mappings/gresa{of}", COLUMNS),
        "delete_mapping": Sample("DELETE", f"/v1/mappings/gone{of}", if_match='"0"'),
    }
