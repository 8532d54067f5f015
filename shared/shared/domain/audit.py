"""The audit trail: who read or changed whose personal data. Ids only; an entry is written once and never changed.

    request ── writes ──> entry, unsealed ── the worker seals, in order ──> entry with sequence and hash

The hash of an entry is taken over the entry and the hash before it, so that whoever changes, removes or moves one
later leaves a chain that does not fit. Free text (a reason) may name somebody who is erased one day: it stands beside
the chain, which holds only its salted digest.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, delete, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from .actor import Actor
from .correlation import current
from .database import MessagingBase, Moment, among, new_id

NO_HASH = "0" * 64
UNSEALED = text("sequence IS NULL")


class AuditEntry(MessagingBase):
    """What one caller did once. Once sealed it has its place, and neither changes."""

    __tablename__ = "audit_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_role: Mapped[str]
    actor_id: Mapped[str]
    actor_unit_id: Mapped[UUID | None]
    verb: Mapped[str]
    thing_kind: Mapped[str | None]
    thing_id: Mapped[str | None]
    person_count: Mapped[int]
    correlation_id: Mapped[str | None]
    reason_digest: Mapped[str | None]
    sequence: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    hash: Mapped[str | None]

    __table_args__ = (Index("ix_audit_entry_unsealed", "id", postgresql_where=UNSEALED, sqlite_where=UNSEALED),)

    def seal(self, sequence: int, hash: str) -> None:
        self.sequence, self.hash = sequence, hash


class AuditPerson(MessagingBase):
    """Whom an entry concerns, so that "who has read about me" is one question."""

    __tablename__ = "audit_person"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


class AuditReason(MessagingBase):
    """Why, in the caller's words. May be taken away: the entry keeps a digest that tells nothing without the salt."""

    __tablename__ = "audit_reason"

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    salt: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class AuditChain(MessagingBase):
    """The one row that says where the chain ends, and where its oldest part was cut off."""

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]
    cut_sequence: Mapped[int] = mapped_column(BigInteger)
    cut_hash: Mapped[str]
    told_on: Mapped[date | None]

    def grow(self, hash: str) -> int:
        self.sequence, self.hash = self.sequence + 1, hash
        return self.sequence

    def cut(self, sequence: int, hash: str) -> None:
        self.cut_sequence, self.cut_hash = sequence, hash

    def tell(self, today: date) -> None:
        self.told_on = today


@dataclass(frozen=True)
class Deed:
    """Who did what to whose data, as it is about to be written down."""

    actor: Actor
    verb: str
    thing_kind: str | None
    thing_id: str | None
    person_ids: Sequence[UUID]
    reason: str | None = None
    id: UUID = field(default_factory=new_id)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def write(session: Session, deed: Deed) -> None:
    """In the caller's transaction: with the change, or not at all."""
    salt = secrets.token_hex(16)
    session.execute(insert(AuditEntry).values(_row(deed, deed.reason and digest(salt, deed.reason))))
    if deed.person_ids:
        session.execute(insert(AuditPerson), [{"person_id": id, "entry_id": deed.id} for id in deed.person_ids])
    if deed.reason:
        session.execute(insert(AuditReason).values(entry_id=deed.id, salt=salt, text=deed.reason))


def write_at_once(session: Session, deed: Deed) -> None:
    """For a read on PostgreSQL, whose session commits each statement: one round trip, one transaction.

    It does not wait for the disk. A crash of the database server may lose the reads of its last half second.
    """
    session.execute(AT_ONCE, _row(deed, None) | {"person_ids": _as_array(deed.person_ids)})


def _as_array(ids: Sequence[UUID]) -> str:
    """As PostgreSQL writes one: the driver would ask of each id anew how to write it."""
    return f"{{{','.join(map(str, ids))}}}"


AT_ONCE = text("""
    WITH hurried AS (SELECT set_config('synchronous_commit', 'off', true)),
         entry AS (
            INSERT INTO audit_entry (id, at, actor_role, actor_id, actor_unit_id, verb, thing_kind, thing_id,
                                     person_count, correlation_id, reason_digest)
            SELECT :id, :at, :actor_role, :actor_id, CAST(:actor_unit_id AS uuid), :verb, :thing_kind, :thing_id,
                   :person_count, :correlation_id, :reason_digest FROM hurried
            RETURNING id)
    INSERT INTO audit_person (entry_id, person_id) SELECT entry.id, unnest(CAST(:person_ids AS uuid[])) FROM entry
""")


def _row(deed: Deed, reason_digest: str | None) -> dict[str, Any]:
    return {
        "id": deed.id,
        "at": deed.at,
        "actor_role": str(deed.actor.role),
        "actor_id": deed.actor.id,
        "actor_unit_id": deed.actor.unit_id,
        "verb": deed.verb,
        "thing_kind": deed.thing_kind,
        "thing_id": deed.thing_id,
        "person_count": len(deed.person_ids),
        "correlation_id": current.get().id,
        "reason_digest": reason_digest,
    }


def digest(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}\n{reason}".encode()).hexdigest()


SEALED_AS_THEY_ARE = ("actor_role", "actor_id", "verb", "thing_kind", "thing_id", "person_count", "correlation_id")


def hash_of(entry: AuditEntry, person_ids: Iterable[UUID], *, sequence: int, previous: str) -> str:
    """SHA-256 over the entry in one fixed form, its place and the hash before it. Changing this breaks every chain."""
    told: dict[str, Any] = {name: getattr(entry, name) for name in SEALED_AS_THEY_ARE}
    told |= {"id": str(entry.id), "at": entry.at.isoformat(timespec="microseconds")}
    told |= {"actor_unit_id": entry.actor_unit_id and str(entry.actor_unit_id), "reason_digest": entry.reason_digest}
    told |= {"person_ids": sorted(map(str, person_ids)), "sequence": sequence, "previous": previous}
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def persons_of(session: Session, entry_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The persons of each of some entries, in one question."""
    found: dict[UUID, list[UUID]] = {entry_id: [] for entry_id in entry_ids}
    named = select(AuditPerson.entry_id, AuditPerson.person_id).where(among(session, AuditPerson.entry_id, entry_ids))
    for entry_id, person_id in session.execute(named):
        found[entry_id].append(person_id)
    return found


def take_away_reasons(session: Session, person_id: UUID) -> None:
    """Of all entries that concern somebody who is erased; the chain still fits."""
    theirs = select(AuditPerson.entry_id).where(AuditPerson.person_id == person_id)
    session.execute(delete(AuditReason).where(AuditReason.entry_id.in_(theirs)))
