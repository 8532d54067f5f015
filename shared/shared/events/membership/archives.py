"""What membership tells of archives: copies that people are owed of their data."""

from uuid import UUID

from shared.events._declare import Moment, event


@event("membership.archive_asked.v1")
class ArchiveAsked:
    """Somebody is owed a copy of their data: each service answers with the parts that it holds."""

    archive_id: UUID
    principal_id: UUID


@event("membership.archive_completed.v1")
class ArchiveCompleted:
    """All services have answered; the archive can be read until `kept_until`."""

    archive_id: UUID
    principal_id: UUID
    kept_until: Moment


@event("membership.archive_deleted.v1")
class ArchiveDeleted:
    """The archive is gone; whoever told a part of it blanks what was told."""

    archive_id: UUID
    principal_id: UUID
