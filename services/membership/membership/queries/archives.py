"""Questions about archives: what has arrived of them, and which have had their time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from membership.model import Archive, ArchivePart, ArchiveState, Membership, Principal
from membership.model.archive import KEPT_FOR
from shared.domain.actor import Actor
from shared.domain.policy import permit

AT_ONCE = 50
HELD = (ArchiveState.GATHERING, ArchiveState.COMPLETE)


def person(session: Session, principal_id: UUID) -> Principal | None:
    """Locked: of two who ask for the same person's archive at once, the second finds that of the first."""
    return session.get(Principal, principal_id, with_for_update=True)


def archive(session: Session, archive_id: UUID, *, lock: bool = False) -> Archive | None:
    return session.get(Archive, archive_id, with_for_update=lock or None)


def visible_archive(session: Session, actor: Actor, archive_id: UUID) -> Archive:
    return permit(session, actor, "show_archive", archive(session, archive_id))


def archive_to_download(session: Session, actor: Actor, archive_id: UUID) -> tuple[Archive, Sequence[ArchivePart]]:
    """A complete one, with its parts in order; one person's, so that they fit in memory."""
    found = permit(session, actor, "download_archive", archive(session, archive_id))
    found.demand_complete()
    parts = select(ArchivePart).where(ArchivePart.archive_id == archive_id)
    return found, session.scalars(parts.order_by(ArchivePart.service, ArchivePart.number)).all()


def held_archives(session: Session, principal_id: UUID) -> Sequence[Archive]:
    """Being gathered, or complete and not yet deleted: one at most of each."""
    mine = select(Archive).where(Archive.principal_id == principal_id, Archive.state.in_(HELD))
    return session.scalars(mine.with_for_update()).all()


def held_archives_near(session: Session, principal_id: UUID) -> Sequence[Archive]:
    """Theirs, and those of all who were ever invited beside them: what peers hold may name them."""
    beside = aliased(Membership)
    theirs = select(Membership.community_id).where(Membership.principal_id == principal_id)
    peers = select(beside.principal_id).where(beside.community_id.in_(theirs))
    near = or_(Archive.principal_id == principal_id, Archive.principal_id.in_(peers))
    return session.scalars(select(Archive).where(Archive.state.in_(HELD), near).with_for_update()).all()


def services_that_answered(session: Session, archive_id: UUID) -> set[str]:
    """Those of which every part is here."""
    told = select(ArchivePart.service).where(ArchivePart.archive_id == archive_id)
    whole = told.group_by(ArchivePart.service).having(func.count() == func.max(ArchivePart.parts))
    return set(session.scalars(whole))


def archives_to_delete(session: Session, before: datetime, most: int) -> Sequence[Archive]:
    over = select(Archive).where(Archive.state == ArchiveState.COMPLETE, Archive.kept_until <= before + KEPT_FOR)
    oldest = over.order_by(Archive.kept_until).limit(min(most, AT_ONCE))
    return session.scalars(oldest.with_for_update(skip_locked=True)).all()
