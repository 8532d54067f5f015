"""The shape that every service's part of an archive has in common."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from ._personal import CopyForPerson, PersonId


@dataclass(frozen=True, kw_only=True)
class PartGathered:
    """Part `number` of `parts` of what one service holds about a person: `content` is a JSON object, as text."""

    wire_type: ClassVar[str]

    archive_id: UUID
    principal_id: PersonId
    number: int
    parts: int
    content: CopyForPerson
