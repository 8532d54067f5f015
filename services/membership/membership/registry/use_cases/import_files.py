"""Files of imports as they are forgotten, with the cells that their faults repeat: both may name anybody."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from membership.people import Principal

from .. import queries
from ..model import Import, ImportFault, ImportPart, ImportState


def drop_files(session: Session, imports: Sequence[Import], now: datetime) -> None:
    for one in imports:
        one.lose_file(now=now)
    ids = [one.id for one in imports]
    session.execute(delete(ImportPart).where(ImportPart.import_id.in_(ids)))
    session.execute(update(ImportFault).where(ImportFault.import_id.in_(ids)).values(value=""))


def drop_unless_needed(session: Session, ended: Import, now: datetime) -> None:
    """One that was refused or only checked is corrected by its file; unless somebody in it was erased meanwhile."""
    if ended.state is ImportState.DONE or queries.is_anybody_erased_since(session, ended):
        drop_files(session, [ended], now)


def delete_import_files(session: Session, before: datetime, most: int) -> int:
    """Of imports that ended before that moment. Returns how many."""
    old = queries.imports_with_old_files(session, before, most)
    drop_files(session, old, datetime.now(UTC))
    return len(old)


def forget_in_import_files(session: Session, principal: Principal) -> None:
    """Before somebody is erased: any file of where they are or were may name them, in whatever way.

    One that a job is at is waited for, or finds that they were erased.
    """
    kept = queries.imports_with_files_of(session, principal)
    drop_files(session, [one for one in kept if one.has_ended], datetime.now(UTC))
