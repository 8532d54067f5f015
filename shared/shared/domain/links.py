"""Links that stand in for a login: what one is good for, and who has taken theirs back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from .actor import Actor, Role
from .database import MessagingBase, Moment
from .erasure import is_erased


@dataclass(frozen=True)
class Link:
    """Lets one person do one act to one thing until a moment. `act` is the verb, `thing` an id or the name of a kind.

    No name and no address: whoever reads a link over somebody's shoulder learns nothing but ids.
    """

    act: str
    person_id: UUID
    thing: str
    language: str
    issued_at: datetime
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        """Whoever holds the link is taken for the person it was sent to."""
        return Actor(id=str(self.person_id), role=Role.PRINCIPAL)

    @property
    def thing_id(self) -> UUID:
        return UUID(self.thing)


class RevokedLinks(MessagingBase):
    """Of one person, all links issued until this moment are void."""

    __tablename__ = "revoked_link"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    revoked_at: Mapped[datetime] = mapped_column(Moment)


def revoke(session: Session, person_id: UUID, revoked_at: datetime) -> None:
    """Told again, or late, it gives nothing back."""
    known = session.get(RevokedLinks, person_id, with_for_update=True)
    latest = max(revoked_at, known.revoked_at) if known else revoked_at
    session.merge(RevokedLinks(person_id=person_id, revoked_at=latest))


def is_revoked(session: Session, link: Link) -> bool:
    """By the person themself, or because they were erased."""
    if is_erased(session, link.actor):
        return True
    known = session.get(RevokedLinks, link.person_id)
    return known is not None and link.issued_at <= known.revoked_at
