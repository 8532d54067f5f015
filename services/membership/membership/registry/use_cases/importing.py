"""Imports: a file is kept until a job has judged all of it, and then all of it comes in, or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from membership import organisation, people
from membership.ground import LONGEST_VALUE, Sheet, Sheets
from shared.domain import audit
from shared.domain.audit import Deed
from shared.domain.database import new_id
from shared.domain.refusals import Fault, Refusal
from shared.running.jobs import Run

from ..model import Import, ImportFault, ImportKind, ImportState
from ..queries import imports
from .import_files import drop_files, drop_unless_needed
from .import_kinds import KINDS
from .merging import Entering

MOST_FAULTS_KEPT = 10_000
MOST_SHOWN = 10  # faults, beside what became of the import
MOST_ATTEMPTS = 3
FAULTS_AT_ONCE = 1000
Read = Callable[[Import, bytes, Callable[..., None]], Sheets]


class _Overtaken(Exception):
    """What was right when it was judged is so no longer: somebody else entered something meanwhile."""


class _Cancelled(Exception):
    """Somebody wants it no more; what was entered in this transaction goes with it."""


@dataclass
class Verdict:
    """All faults are counted, the first are kept; `counts` are of rows."""

    faults: int = 0
    kept: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("created", "changed", "unchanged"), 0))
    refused_rows: int = 0
    touched_ids: list[UUID] = field(default_factory=list)
    known_ids: list[UUID] = field(default_factory=list)

    def hear(self, faults: list[Fault], remarks: list[Fault]) -> None:
        self.faults += len(faults)
        self.refused_rows += len({fault.line for fault in faults})
        self.kept += sorted(faults, key=lambda fault: fault.line or 0)[: MOST_FAULTS_KEPT - len(self.kept)]
        self.remarks += remarks[: MOST_FAULTS_KEPT - len(self.remarks)]

    def know(self, asked: Import, parts: list[Any]) -> None:
        """People whom the file may correct: they are locked before the first of them is."""
        if asked.kind is ImportKind.PRINCIPALS:
            self.known_ids += [entry.id for part in parts for entry in part.known.values()]

    def count(self, entered: Entering) -> None:
        for name in self.counts:
            self.counts[name] += getattr(entered, name)
        self.touched_ids += entered.touched_ids

    @property
    def first(self) -> list[Fault]:
        return [*self.kept, *self.remarks][:MOST_SHOWN]

    def all_counts(self, rows: int) -> dict[str, int]:
        return {"rows": rows, "refused": self.refused_rows, "faults": self.faults, **self.counts}


def carry_out_import(run: Run, read: Read) -> None:
    """Read, judge, enter. Of what comes before the last step nothing stays."""
    with run.sessions.reader() as session:
        asked, file = session.get_one(Import, run.id), imports.file_of_import(session, run.id)
        session.expunge_all()
    try:
        sheets = read(asked, file, run.tell)
    except Refusal as why:
        with run.last() as session:
            _refuse_whole(session, run.id, why)
        return
    del file
    try:
        _judge_and_enter(run, asked, sheets)
    except _Cancelled:
        with run.last():
            pass
    except Refusal as why:  # of the whole: a unit that lists cannot touch, say
        with run.last() as session:
            _refuse_whole(session, run.id, why)


def _judge_and_enter(run: Run, asked: Import, sheets: Sheets) -> None:
    """Again, if somebody else was faster: what they did may make it wrong."""
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with run.sessions.reader() as session:
            verdict = _judged(session, asked, sheets, run.tell)
        try:
            with run.last() as session:
                _conclude(session, asked, sheets, verdict, run.tell)
            return
        except (_Overtaken, IntegrityError, StaleDataError):
            if attempt == MOST_ATTEMPTS:
                raise


def _judged(session: Session, asked: Import, sheets: Sheets, tell: Callable[..., None]) -> Verdict:
    verdict, done = Verdict(), 0
    for sheet in _together(asked, sheets):
        parts, faults = _judge(session, asked, sheet, sheets)
        verdict.hear(faults, [remark for part in parts for remark in part.remarks])
        verdict.know(asked, parts)
        session.expunge_all()
        done += len(sheet.rows)
        tell("checking", done, sheets.rows)
    return verdict


def _together(asked: Import, sheets: Sheets) -> Iterable[Sheet]:
    return [sheets.as_one()] if KINDS[asked.kind].are_together else sheets


def _judge(session: Session, asked: Import, sheet: Sheet, sheets: Sheets) -> tuple[list[Any], list[Fault]]:
    """The rows of each Delegation by themselves, and what is wrong with all of them."""
    placed, faults = _by_delegation(session, asked, sheet)
    parts = [_judged_part(session, asked, *part, sheets) for part in placed]
    return parts, [*sheet.faults, *faults, *(fault for part in parts for fault in part.faults)]


def _judged_part(
    session: Session, asked: Import, code: str | None, id: UUID | None, part: Sheet, sheets: Sheets
) -> Any:
    return KINDS[asked.kind].judge(session, id, part, sheets.attached.get(code, {}))


def _by_delegation(
    session: Session, asked: Import, sheet: Sheet
) -> tuple[list[tuple[str | None, UUID | None, Sheet]], list[Fault]]:
    """Where the rows name theirs: a sheet for each, by its code; and the rows that name none there is."""
    if asked.delegation_id is not None or KINDS[asked.kind].are_together:
        return [(None, asked.delegation_id, sheet)], []
    ids = imports.delegation_ids_by_code(session, sorted(set(sheet.all("delegation_code"))))
    parts: dict[str, Sheet] = {}
    faults = []
    for row in sheet.rows:
        code = row.entry.pop("delegation_code", None)
        if code in ids:
            parts.setdefault(code, Sheet(sheet.key, sheet.columns)).rows.append(row)
        elif code is not None:
            faults.append(sheet.fault(row, "delegation_code", "import.no_such_delegation"))
    return [(code, ids[code], part) for code, part in parts.items()], faults


def _conclude(session: Session, asked: Import, sheets: Sheets, verdict: Verdict, tell: Callable[..., None]) -> None:
    if not verdict.faults:
        with session.begin_nested() as trial:
            _enter(session, asked, sheets, verdict, tell)
            if asked.is_dry_run:
                trial.rollback()
    mine = imports.import_in(session, asked.id)
    if mine.state is not ImportState.RECEIVED:
        raise _Cancelled
    _keep_faults(session, asked.id, verdict)
    counts, now = verdict.all_counts(sheets.rows), datetime.now(UTC)
    if verdict.faults:
        mine.refuse(sheets.found, counts, verdict.first, now=now)
    else:
        mine.complete(sheets.found, counts, verdict.first, now=now)
    if mine.state is ImportState.DONE:
        _write_down(session, mine, verdict.touched_ids)
    drop_unless_needed(session, mine, now)


def _enter(session: Session, asked: Import, sheets: Sheets, verdict: Verdict, tell: Callable[..., None]) -> None:
    """A sheet at a time, so that neither the rows nor what becomes of them fills the memory."""
    done = 0
    organisation.hold_tree(session)
    people.hold_principals(session, verdict.known_ids)
    for sheet in _together(asked, sheets):
        parts, faults = _judge(session, asked, sheet, sheets)
        if faults:
            raise _Overtaken
        for part in parts:
            verdict.count(KINDS[asked.kind].enter(session, part))
        session.flush()
        session.expunge_all()
        done += len(sheet.rows)
        tell("entering", done, sheets.rows)


def _keep_faults(session: Session, import_id: UUID, verdict: Verdict) -> None:
    rows = [*_fault_rows(import_id, verdict.kept, False), *_fault_rows(import_id, verdict.remarks, True)]
    for start in range(0, len(rows), FAULTS_AT_ONCE):
        session.execute(insert(ImportFault), rows[start : start + FAULTS_AT_ONCE])


def _fault_rows(import_id: UUID, faults: list[Fault], is_remark: bool) -> Iterator[dict[str, Any]]:
    for fault in faults:
        told = {"line": fault.line or 1, "field": fault.field or "", "code": fault.code, "facts": dict(fault.facts)}
        value = (fault.value or "")[:LONGEST_VALUE]
        yield {"id": new_id(), "import_id": import_id, "value": value, "is_remark": is_remark, **told}


def _write_down(session: Session, done: Import, touched_ids: list[UUID]) -> None:
    """Whose data were changed, by whoever asked for it; with the change, as every entry of the audit trail."""
    persons = touched_ids if done.kind is ImportKind.PRINCIPALS else []
    audit.write(session, Deed(done.actor, "start_import", "import", str(done.id), persons))


def _refuse_whole(session: Session, import_id: UUID, why: Refusal) -> None:
    mine = imports.import_in(session, import_id)
    if mine.state is ImportState.RECEIVED:
        now = datetime.now(UTC)
        mine.refuse_whole(why, now=now)
        drop_unless_needed(session, mine, now)


def fail_import(session: Session, import_id: UUID) -> None:
    """Something of ours went wrong; nothing was changed, and the file is not needed to be sent again."""
    mine = imports.import_in(session, import_id)
    if mine.state is ImportState.RECEIVED:
        now = datetime.now(UTC)
        mine.fail(now=now)
        drop_files(session, [mine], now)
