"""Where in the outbox people and communities are mentioned, so that an erasure finds its events without a search."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import MessagingBase
from shared.events import traits_of


class Mention(MessagingBase):
    """The event holds personal fields of this person, or texts that were written in this community."""

    __tablename__ = "mention"

    about_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)


def mentions(event: Any, event_id: UUID) -> Iterator[dict[str, UUID]]:
    for field in traits_of(event.wire_type).mentioned:
        yield {"about_id": getattr(event, field), "event_id": event_id}
