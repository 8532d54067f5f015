"""What the practices service tells: what its authors have chosen to share."""

from uuid import UUID

from ._archive_part import PartGathered
from ._declare import event
from ._personal import CommunityId, NameAr, NameFr, PersonId, Words


@event("practices.practice_published.v1")
class PracticePublished:
    """A practice can be read. `audience` says by whom; those told by mail are the author's community."""

    practice_id: UUID
    community_id: CommunityId
    author_id: PersonId
    author_name_fr: NameFr
    author_name_ar: NameAr
    reader_ids: list[UUID]
    audience: str
    language: str
    title: Words
    problem: Words


@event("practices.archive_part_gathered.v1")
class PracticesPartGathered(PartGathered):
    """A part of what this service holds about a person, for the archive that was asked in membership."""
