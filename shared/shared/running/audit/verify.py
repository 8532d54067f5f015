"""Walking the chain: every entry is what was sealed, follows the one before it, and none is missing.

Relies on nothing that the database enforces. Memory is bounded: a page of entries at a time, the first faults kept.
What it cannot see is a trail rewritten from some entry to its end, head and all: against that, heads are kept elsewhere
(the log tells one each day) and given as `expected`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, exists, func, or_, select
from sqlalchemy.orm import Session

from shared.domain.audit import (
    NO_HASH,
    AuditChain,
    AuditEntry,
    AuditPerson,
    AuditReason,
    digest,
    hash_of,
    persons_of,
)
from shared.domain.database import among

PAGE = 1000
MOST_TOLD = 100  # faults

Progress = Callable[[int, int], None]
Head = tuple[int, str]


@dataclass
class Finding:
    """What a walk has found; `sequence` and `hash` are the head, to be kept elsewhere."""

    sequence: int = 0
    hash: str = ""
    cut_at: int = 0
    checked: int = 0
    unsealed: int = 0
    fault_count: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        self.fault_count += 1
        self.faults += [fault] if len(self.faults) < MOST_TOLD else []


def verify(engine: Engine, expected: Sequence[Head] = (), progress: Progress = lambda _done, _all: None) -> Finding:
    with Session(_as_at_one_moment(engine)) as session, session.begin():
        return _Walk(session, dict(expected), progress).finding()


def _as_at_one_moment(engine: Engine) -> Engine:
    """Entries are sealed and cut off meanwhile: the whole walk sees the database as it was when it began."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.execution_options(read_only=True)


class _Walk:
    """From the cut to the head: `place` and `hash` are where it stands."""

    def __init__(self, session: Session, expected: dict[int, str], progress: Progress) -> None:
        self._session, self._expected, self._progress = session, expected, progress
        self._found = Finding()

    def finding(self) -> Finding:
        chain = self._session.get(AuditChain, 1)
        if chain is None:
            self._found.add("the row that says where the trail ends is gone")
            return self._found
        self._begin(chain)
        for entries in self._pages():
            self._check_page(entries)
        self._compare_end(chain)
        self._look_beside()
        return self._found

    def _begin(self, chain: AuditChain) -> None:
        found = self._found
        found.sequence, found.hash, found.cut_at = chain.sequence, chain.hash, chain.cut_sequence
        self._place: int = chain.cut_sequence
        self._hash: str = chain.cut_hash
        self._meet_expected(chain.cut_sequence, chain.cut_hash)

    def _pages(self) -> Iterator[Sequence[AuditEntry]]:
        # By place and id: should somebody have given a place twice, neither is left out.
        reached = None
        row = (AuditEntry.sequence, AuditEntry.id)
        sealed = select(AuditEntry).where(AuditEntry.sequence.is_not(None)).order_by(*row).limit(PAGE)
        while page := self._session.scalars(sealed if reached is None else sealed.where(_later(*reached))).all():
            yield page
            reached = (page[-1].sequence or 0, page[-1].id)
            self._session.expunge_all()

    def _check_page(self, entries: Sequence[AuditEntry]) -> None:
        ids = [entry.id for entry in entries]
        person_ids = persons_of(self._session, ids)
        given = select(AuditReason).where(among(self._session, AuditReason.entry_id, ids))
        reasons = {r.entry_id: r for r in self._session.scalars(given)}
        for entry in entries:
            self._check_words(entry, reasons.get(entry.id))
            self._check(entry, person_ids[entry.id])
        self._found.checked += len(entries)
        self._progress(self._found.checked, self._found.sequence - self._found.cut_at)

    def _check(self, entry: AuditEntry, person_ids: Sequence[UUID]) -> None:
        due, place = self._place + 1, entry.sequence or 0
        if place < due:
            return self._found.add(f"entry {place} stands where none can be: inserted")
        if place > due:
            self._found.add(f"{_span(due, place - 1)} removed")
        elif entry.hash != hash_of(entry, person_ids, sequence=place, previous=self._hash):
            self._found.add(f"entry {place} is not what was sealed after {self._place}: changed or moved")
        # One that follows a gap cannot be checked itself: what it was sealed after is gone.
        self._place, self._hash = place, entry.hash or NO_HASH
        return self._meet_expected(place, entry.hash)

    def _check_words(self, entry: AuditEntry, reason: AuditReason | None) -> None:
        if reason and entry.reason_digest != digest(reason.salt, reason.text):
            self._found.add(f"entry {entry.sequence} was given another reason")

    def _meet_expected(self, place: int, hash: str | None) -> None:
        if self._expected.pop(place, hash) != hash:
            self._found.add(f"entry {place} has another hash than was expected: the trail was rewritten")

    def _compare_end(self, chain: AuditChain) -> None:
        if self._place < chain.sequence:
            self._found.add(f"{_span(self._place + 1, chain.sequence)} removed from the end")
        elif self._place > chain.sequence:
            self._found.add(f"{_span(chain.sequence + 1, self._place)} added after the end")
        elif self._hash != chain.hash:
            self._found.add(f"the head is not the hash of entry {self._place}: one of them was changed")
        for place in self._expected:
            where = "was cut off" if place < chain.cut_sequence else "is not there"
            self._found.add(f"entry {place}, which was expected, {where}")

    def _look_beside(self) -> None:
        """Persons and reasons of entries that there are none of."""
        unsealed = select(func.count()).where(AuditEntry.sequence.is_(None))
        self._found.unsealed = self._session.scalar(unsealed) or 0
        for kind, column in (("persons", AuditPerson.entry_id), ("reasons", AuditReason.entry_id)):
            orphans = select(func.count()).select_from(column.class_).where(~exists().where(AuditEntry.id == column))
            if count := self._session.scalar(orphans):
                self._found.add(f"{count} {kind} belong to no entry: an entry was removed, or they were inserted")


def _later(sequence: int, id: object):
    return or_(AuditEntry.sequence > sequence, (AuditEntry.sequence == sequence) & (AuditEntry.id > id))


def _span(first: int, last: int) -> str:
    return f"entry {first} was" if first == last else f"entries {first} to {last} were"
