"""What the practices service tells: what its authors have chosen to share."""

from uuid import UUID

from ._declare import event


@event("practices.practice_published.v1")
class PracticePublished:
    """A practice can be read. `audience` says by whom; those told by mail are the author's community."""

    practice_id: UUID
    community_id: UUID
    author_id: UUID
    author_name_fr: str
    author_name_ar: str
    reader_ids: list[UUID]
    audience: str
    language: str
    title: str
    problem: str
