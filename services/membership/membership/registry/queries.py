"""The lists of a Delegation: its principals, its schools, its communities, narrowed down and in a wished order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from membership.communities import Community
from membership.joining import Membership, MembershipState
from membership.moves import Transfer
from membership.organisation import Delegation, School, Zone, delegation
from membership.people import Principal, newcomers_since
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.folding import fold
from shared.domain.paging import Page, every, page
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import NotFound

from .model import ColumnMapping, Import, ImportFault, ImportPart

AT_ONCE = 50


def import_(session: Session, import_id: UUID, *, lock: bool = False) -> Import | None:
    wanted = select(Import).where(Import.id == import_id).execution_options(populate_existing=lock)
    return session.scalars(wanted.with_for_update(of=Import) if lock else wanted).one_or_none()


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


def _faults(import_id: UUID) -> Select[tuple[ImportFault]]:
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


class PrincipalOrder(StrEnum):
    ID = "id"
    NAME_FR = "name_fr"
    NAME_AR = "name_ar"
    APPOINTED_ON = "appointed_on"
    SCHOOL_CODE = "school_code"


class SchoolOrder(StrEnum):
    ID = "id"
    NAME_FR = "name_fr"
    NAME_AR = "name_ar"
    CODE = "code"


# Each stands in an index behind the Delegation, so that a page is read where it begins.
PRINCIPALS_BY = {
    PrincipalOrder.ID: None,
    PrincipalOrder.NAME_FR: Principal.folded_fr,
    PrincipalOrder.NAME_AR: Principal.folded_ar,
    PrincipalOrder.APPOINTED_ON: Principal.appointed_on,
    PrincipalOrder.SCHOOL_CODE: Principal.school_code,
}

SCHOOLS_BY = {
    SchoolOrder.ID: None,
    SchoolOrder.NAME_FR: School.folded_fr,
    SchoolOrder.NAME_AR: School.folded_ar,
    SchoolOrder.CODE: School.code,
}
Conditions = Iterator[ColumnElement[bool]]


@dataclass(frozen=True)
class ListOf:
    """A list of one Delegation. Whether there is such a one is asked where nothing is found: one question less."""

    delegation_id: UUID


def principals(session: Session, actor: Actor, delegation_id: UUID, *, sort: PrincipalOrder, **wish: Any) -> Page:
    permit(session, actor, "list_principals", ListOf(delegation_id))
    place = {name: wish.pop(name) for name in ("after", "limit")}
    found = page(session, _principals(delegation_id, wish), Principal.id, by=PRINCIPALS_BY[sort], **place)
    return _known(session, delegation_id, found)


def schools(session: Session, actor: Actor, delegation_id: UUID, *, sort: SchoolOrder, **wish: Any) -> Page:
    permit(session, actor, "list_schools", ListOf(delegation_id))
    place = {name: wish.pop(name) for name in ("after", "limit")}
    found = page(session, _schools(delegation_id, wish), School.id, by=SCHOOLS_BY[sort], **place)
    return _known(session, delegation_id, found)


def communities(
    session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int, **wish: Any
) -> Page:
    permit(session, actor, "list_communities", ListOf(delegation_id))
    found = page(session, _communities(delegation_id, wish), Community.id, after=after, limit=limit)
    return _known(session, delegation_id, found)


def _known(session: Session, delegation_id: UUID, found: Page) -> Page:
    """What is found belongs to a Delegation that there is; only of an empty list is this to be asked."""
    if not found.items and delegation(session, delegation_id) is None:
        raise NotFound("delegation.not_found")
    return found


def every_principal(
    session: Session, actor: Actor, verb: str, delegation_id: UUID, *, sort: PrincipalOrder, **wish: Any
) -> Iterator[Principal]:
    """For a file: the whole list, a page of it at a time. `verb` is what the caller does with it."""
    permit(session, actor, verb, delegation(session, delegation_id))
    return every(session, _principals(delegation_id, wish), Principal.id, by=PRINCIPALS_BY[sort])


def every_school(
    session: Session, actor: Actor, verb: str, delegation_id: UUID, *, sort: SchoolOrder, **wish: Any
) -> Iterator[School]:
    permit(session, actor, verb, delegation(session, delegation_id))
    return every(session, _schools(delegation_id, wish), School.id, by=SCHOOLS_BY[sort])


def every_community(session: Session, actor: Actor, verb: str, delegation_id: UUID, **wish: Any) -> Iterator[Community]:
    permit(session, actor, verb, delegation(session, delegation_id))
    return every(session, _communities(delegation_id, wish), Community.id)


def _principals(delegation_id: UUID, wish: dict[str, Any]) -> Select:
    here = (Principal.delegation_id == delegation_id, Principal.erased_at.is_(None))
    return select(Principal).where(*here, *_of_principals(**wish))


def _of_principals(
    *,
    q: str | None = None,
    zone_id: UUID | None = None,
    newcomer: bool | None = None,
    without_home: bool | None = None,
    **equal: Any,
) -> Conditions:
    """`equal`: columns that are to hold this value, where one is wished for."""
    yield from _equal(Principal, equal)
    if q:
        yield from _holding(q, Principal.folded_fr, Principal.folded_ar, Principal.ppr)
    if zone_id:
        yield Principal.school_code.in_(select(School.code).where(School.zone_id.in_(_zones(zone_id))))
    if newcomer is not None:
        is_newcomer = Principal.appointed_on > newcomers_since(datetime.now(UTC).date())
        yield is_newcomer if newcomer else ~is_newcomer
    if without_home is not None:
        yield ~_at_home() if without_home else _at_home()


def _schools(delegation_id: UUID, wish: dict[str, Any]) -> Select:
    return select(School).where(School.delegation_id == delegation_id, *_of_schools(**wish))


def _of_schools(
    *,
    q: str | None = None,
    zone_id: UUID | None = None,
    is_main: bool | None = None,
    vacant: bool | None = None,
    **equal: Any,
) -> Conditions:
    yield from _equal(School, equal)
    if q:
        yield from _holding(q, School.folded_fr, School.folded_ar, School.code)
    if zone_id:
        yield _lies_in(zone_id)
    if is_main is not None:
        yield (School.code == School.main_code) if is_main else (School.code != School.main_code)
    if vacant is not None:
        yield School.code == School.main_code
        yield ~_headed() if vacant else _headed()


def _communities(delegation_id: UUID, wish: dict[str, Any]) -> Select:
    return select(Community).where(Community.delegation_id == delegation_id, *_equal(Community, wish))


def _equal(kind: Any, wish: dict[str, Any]) -> Conditions:
    return (getattr(kind, name) == value for name, value in wish.items() if value is not None)


def _holding(words: str, *columns: Any) -> Conditions:
    """Every word stands somewhere: in a name as people write it, or in the national number."""
    for word in fold(words).split():
        yield or_(*(column.icontains(word, autoescape=True) for column in columns))


def _zones(zone_id: UUID) -> Select:
    """This one and those within it."""
    within = select(Zone.id).where(Zone.id == zone_id).cte(recursive=True)
    return select(within.union(select(Zone.id).where(Zone.around_id == within.c.id)).c.id)


def _lies_in(zone_id: UUID) -> ColumnElement[bool]:
    """A satellite lies where its main school does."""
    main = aliased(School)
    return School.main_code.in_(select(main.code).where(main.zone_id.in_(_zones(zone_id))))


def _at_home() -> ColumnElement[bool]:
    home = (Membership.principal_id == Principal.id) & Membership.is_home
    return exists().where(home, Membership.state == MembershipState.MEMBER)


def _headed() -> ColumnElement[bool]:
    return exists().where(Principal.school_code == School.code, Principal.erased_at.is_(None))
