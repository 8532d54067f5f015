"""Files of the Ministry's as they are handed in, called back and forgotten; mappings as they are saved."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from membership import organisation
from shared.domain import jobs
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.preconditions import demand_seen
from shared.domain.refusals import Invalid, NotFound

from ..model import ColumnMapping, Import, ImportKind, ImportPart
from ..queries import imports
from .import_files import drop_files

PIECE = 512 * 1024  # bytes of a file in one row


def start_import(
    session: Session,
    actor: Actor,
    *,
    file: bytes,
    delegation_id: UUID | None,
    kind: ImportKind,
    mapping: dict[str, str] | str,
    reading: dict[str, Any],
    **wish: Any,
) -> Import:
    """Kept, and judged by a job. `mapping` is one, or the name of one that was saved."""
    now, size = datetime.now(UTC), len(file)
    asked = Import.receive(actor, delegation_id=delegation_id, kind=kind, size_bytes=size, now=now, **wish)
    permit(session, actor, "start_import", asked)
    _demand_delegation(session, delegation_id)
    asked.map(*_mapped(session, delegation_id, kind, mapping, reading))
    session.add(asked)
    session.flush()
    _keep(session, asked.id, file)
    jobs.ask(session, "import", asked.id)
    return asked


def _demand_delegation(session: Session, delegation_id: UUID | None) -> None:
    if delegation_id is not None and organisation.delegation(session, delegation_id) is None:
        raise NotFound("delegation.not_found")


def _mapped(
    session: Session,
    delegation_id: UUID | None,
    kind: ImportKind,
    mapping: dict[str, str] | str,
    reading: dict[str, Any],
) -> tuple[dict[str, str], dict[str, Any]]:
    """What is said with the file goes before what was saved."""
    if isinstance(mapping, dict):
        return mapping, reading
    saved = imports.mapping_for(session, delegation_id, mapping)
    if saved is None or saved.kind is not kind:
        raise Invalid("import.no_such_mapping", name=mapping)
    return saved.columns, saved.reading | {name: value for name, value in reading.items() if value is not None}


def _keep(session: Session, import_id: UUID, file: bytes) -> None:
    """In pieces, since the process that reads it is another, on another machine maybe."""
    for number, begins in enumerate(range(0, len(file), PIECE)):
        piece = {"import_id": import_id, "number": number, "content": file[begins : begins + PIECE]}
        session.execute(insert(ImportPart), [piece])


def cancel_import(session: Session, actor: Actor, import_id: UUID) -> Import:
    """Until its last moment: a job that is at it then takes back what it has done."""
    asked = permit(session, actor, "cancel_import", imports.import_(session, import_id))
    demand_seen(session, asked)
    now = datetime.now(UTC)
    asked.cancel(now=now)
    drop_files(session, [asked], now)
    return asked


def put_mapping(session: Session, actor: Actor, name: str, *, delegation_id: UUID | None, **wish: Any) -> ColumnMapping:
    now, known = datetime.now(UTC), imports.mapping(session, delegation_id, name)
    mapping = known or ColumnMapping.save(delegation_id, name, now=now, **wish)
    permit(session, actor, "put_mapping", mapping)
    _demand_delegation(session, delegation_id)
    demand_seen(session, known)
    mapping.replace(now=now, **wish)
    session.add(mapping)
    return mapping


def delete_mapping(session: Session, actor: Actor, name: str, *, delegation_id: UUID | None) -> None:
    """Imports that were read by it have their own copy."""
    known = permit(session, actor, "delete_mapping", imports.mapping(session, delegation_id, name))
    demand_seen(session, known)
    session.delete(known)
