"""Sealing: entries get their place and their hash, in order, and the oldest are cut off when their time is over.

Requests insert entries without waiting for each other; one worker, a moment later, puts them in a row.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shared.domain.audit import AuditChain, AuditEntry, AuditPerson, AuditReason, hash_of, persons_of
from shared.domain.database import among

AT_ONCE = 1000

log = logging.getLogger(__name__)


def seal(session: Session, now: datetime) -> None:
    """The oldest that have no place yet, a bounded number of them."""
    # Locked, so that of two who believe that they lead, the second sees what the first has done.
    chain = session.get_one(AuditChain, 1, with_for_update=True)
    waiting = select(AuditEntry).where(AuditEntry.sequence.is_(None)).order_by(AuditEntry.id).limit(AT_ONCE)
    _append(session, chain, session.scalars(waiting).all())
    _tell_head(chain, now)


def _append(session: Session, chain: AuditChain, entries: Sequence[AuditEntry]) -> None:
    person_ids = persons_of(session, [entry.id for entry in entries]) if entries else {}
    for entry in entries:
        hash = hash_of(entry, person_ids[entry.id], sequence=chain.sequence + 1, previous=chain.hash)
        entry.seal(chain.grow(hash), hash)


def _tell_head(chain: AuditChain, now: datetime) -> None:
    """Once a day, to the log: whoever keeps logs elsewhere can hold this database to it."""
    if chain.sequence and chain.told_on != now.date():
        chain.tell(now.date())
        log.info("the audit trail ends with %d:%s", chain.sequence, chain.hash)


def cut_oldest(session: Session, before: datetime, most: int) -> int:
    """Delete sealed entries from before a moment, from the beginning; the chain keeps the hash it was cut at."""
    chain = session.get_one(AuditChain, 1, with_for_update=True)
    following = AuditEntry.sequence > chain.cut_sequence
    row = select(AuditEntry.id, AuditEntry.at, AuditEntry.sequence, AuditEntry.hash).where(following)
    oldest = _first_of(session.execute(row.order_by(AuditEntry.sequence).limit(most)).all(), before)
    if oldest:
        chain.cut(oldest[-1].sequence, oldest[-1].hash)
        session.flush()  # the database deletes only what is cut off
        _delete(session, [entry.id for entry in oldest])
    return len(oldest)


def _first_of(entries: Sequence, before: datetime) -> list:
    """Up to the first that is kept: what is cut off is always the beginning."""
    kept = next((place for place, entry in enumerate(entries) if entry.at >= before), len(entries))
    return list(entries[:kept])


def _delete(session: Session, entry_ids: list) -> None:
    for column in (AuditPerson.entry_id, AuditReason.entry_id, AuditEntry.id):
        session.execute(delete(column.class_).where(among(session, column, entry_ids)))
