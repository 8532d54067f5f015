"""An audit trail of a few entries, written as requests write them and sealed as the worker seals them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from shared.domain import audit
from shared.domain.actor import Actor, Role
from shared.domain.audit import Deed
from shared.domain.database import Sessions, is_postgresql
from shared.running.audit import seal
from shared.running.audit.verify import Finding, verify

OFFICER = Actor(id="amina", role=Role.DELEGATION_OFFICER, unit_id=UUID(int=7))
TRIGGERS = ("audit_entry_stays", "audit_person_stays", "audit_entry_remains", "audit_person_remains")


def deed(*person_ids: UUID, **more: Any) -> Deed:
    return Deed(OFFICER, "list_members", "community", str(uuid4()), person_ids or (uuid4(), uuid4()), **more)


def write(sessions: Sessions, *deeds: Deed) -> None:
    for one in deeds:
        with sessions.transaction() as session:
            audit.write(session, one)


def seal_all(sessions: Sessions) -> None:
    with sessions.transaction() as session:
        seal(session, datetime.now(UTC))


def trail(sessions: Sessions, length: int = 8) -> None:
    write(sessions, *(deed(reason="asked on the phone" if number % 3 == 0 else None) for number in range(length)))
    seal_all(sessions)


def faults(sessions: Sessions, **more: Any) -> list[str]:
    return found(sessions, **more).faults


def found(sessions: Sessions, **more: Any) -> Finding:
    return verify(sessions.engine, **more)


def by_hand(sessions: Sessions, *statements: str | Callable, disarmed: bool = True) -> None:
    """SQL as somebody with the database's password would type it."""
    with sessions.transaction() as session:
        for trigger in TRIGGERS if disarmed else ():
            table = f" ON {trigger.rpartition('_')[0]}" if is_postgresql(session) else ""
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{table}"))
        for statement in statements:
            session.execute(text(statement))


def sealed_id(place: int) -> str:
    return f"(SELECT id FROM audit_entry WHERE sequence = {place})"
