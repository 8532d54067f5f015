"""What the notifications service tells: what became of a mail."""

from uuid import UUID

from ._archive_part import PartGathered
from ._declare import event


@event("notifications.message_failed.v1")
class MessageFailed:
    """A mail was refused for good by the recipient's server; the address itself is not repeated here."""

    message_id: UUID
    principal_id: UUID
    kind: str


@event("notifications.archive_part_gathered.v1")
class NotificationsPartGathered(PartGathered):
    """A part of what this service holds about a person, for the archive that was asked in membership."""
