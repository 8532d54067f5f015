"""What can be asked about imports, their faults and mappings."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from membership.moves import Transfer
from membership.organisation import Delegation
from membership.people import Principal
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, every, page
from shared.domain.policy import EVERYTHING, permit

from ..model import ColumnMapping, Import, ImportFault, ImportPart

AT_ONCE = 50


def import_(session: Session, import_id: UUID, *, lock: bool = False) -> Import | None:
    wanted = select(Import).where(Import.id == import_id).execution_options(populate_existing=lock)
    return session.scalars(wanted.with_for_update(of=Import) if lock else wanted).one_or_none()


def import_in(session: Session, import_id: UUID) -> Import:
    """The one of a job, which is there; locked."""
    found = import_(session, import_id, lock=True)
    if found is None:
        raise LookupError(f"import {import_id} is gone, and its job is not")
    return found


def visible_import(session: Session, actor: Actor, import_id: UUID) -> Import:
    return permit(session, actor, "show_import", import_(session, import_id))


def imports(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_imports", EVERYTHING)
    mine = select(Import).where(units.in_reach_of(actor, Import.delegation_id))
    return page(session, mine, Import.id, after=after, limit=limit)


def may_preview_import(session: Session, actor: Actor) -> None:
    """Whoever hands files in may look at them first."""
    permit(session, actor, "preview_import", EVERYTHING)


def faults_of_import(session: Session, actor: Actor, import_id: UUID, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_import_faults", import_(session, import_id))
    return page(session, _faults(import_id), ImportFault.id, after=after, limit=limit)


def every_fault(session: Session, import_id: UUID) -> Iterator[ImportFault]:
    return every(session, _faults(import_id), ImportFault.id)


def _faults(import_id: UUID) -> Select[ImportFault]:
    return select(ImportFault).where(ImportFault.import_id == import_id)


def file_of_import(session: Session, import_id: UUID) -> bytes:
    """As it was sent; its size is bounded by what a request may weigh."""
    parts = select(ImportPart.content).where(ImportPart.import_id == import_id).order_by(ImportPart.number)
    return b"".join(session.scalars(parts))


def import_to_report(session: Session, actor: Actor, import_id: UUID) -> tuple[Import, bytes, list[ImportFault]]:
    """One whose file is still here, with what was wrong in it: a bounded number of faults."""
    found = permit(session, actor, "download_import_report", import_(session, import_id))
    found.demand_reportable()
    return found, file_of_import(session, import_id), list(every_fault(session, import_id))


def imports_with_old_files(session: Session, before: datetime, most: int) -> Sequence[Import]:
    old = select(Import).where(Import.file_gone_at.is_(None), Import.ended_at <= before)
    oldest = old.order_by(Import.ended_at).limit(min(most, AT_ONCE))
    return session.scalars(oldest.with_for_update(of=Import, skip_locked=True)).all()


def imports_with_files_of(session: Session, principal: Principal) -> Sequence[Import]:
    """Of the Delegations where they are or were, and the whole country's. Locked: none of them ends meanwhile."""
    moved_from = select(Transfer.delegation_id).where(Transfer.principal_id == principal.id)
    theirs = or_(Import.delegation_id == principal.delegation_id, Import.delegation_id.in_(moved_from))
    kept = select(Import).where(Import.file_gone_at.is_(None), or_(theirs, Import.delegation_id.is_(None)))
    held = kept.order_by(Import.id).with_for_update(of=Import).execution_options(populate_existing=True)
    return session.scalars(held).all()


def is_anybody_erased_since(session: Session, asked: Import) -> bool:
    """Since it was handed in, of its Delegation; or of the country, if it is the country's."""
    erased = select(Principal.id).where(Principal.erased_at >= asked.asked_at)
    here = erased if asked.delegation_id is None else erased.where(Principal.delegation_id == asked.delegation_id)
    return session.scalars(here.limit(1)).first() is not None


def delegation_ids_by_code(session: Session, codes: Collection[str]) -> dict[str, UUID]:
    return dict(
        session.execute(select(Delegation.code, Delegation.id).where(among(session, Delegation.code, codes))).all()
    )


def mapping(session: Session, delegation_id: UUID | None, name: str) -> ColumnMapping | None:
    """That of this Delegation alone, or without one, everybody's."""
    return session.scalars(
        select(ColumnMapping).where(
            ColumnMapping.delegation_id.is_not_distinct_from(delegation_id), ColumnMapping.name == name
        )
    ).one_or_none()


def mapping_for(session: Session, delegation_id: UUID | None, name: str) -> ColumnMapping | None:
    """The Delegation's own; else everybody's."""
    return mapping(session, delegation_id, name) or mapping(session, None, name)


def visible_mapping(session: Session, actor: Actor, name: str, *, delegation_id: UUID | None) -> ColumnMapping:
    return permit(session, actor, "get_mapping", mapping(session, delegation_id, name))


def mappings(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    """Everybody's, and those of the Delegations in the caller's reach."""
    permit(session, actor, "list_mappings", EVERYTHING)
    mine = or_(ColumnMapping.delegation_id.is_(None), units.in_reach_of(actor, ColumnMapping.delegation_id))
    return page(session, select(ColumnMapping).where(mine), ColumnMapping.id, after=after, limit=limit)
