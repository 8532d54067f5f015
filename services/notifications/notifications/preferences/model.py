"""What somebody does not want to be written about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from notifications.letters import MANDATORY, OPTIONAL
from notifications.tables import Base
from shared.domain.database import Moment
from shared.domain.refusals import NotFound, Refused


class Unsubscription(Base):
    """Somebody's no to one kind of mail, for as long as it stands; never to a kind that is `MANDATORY`."""

    __tablename__ = "unsubscription"

    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)


def demand_optional(kind: str) -> None:
    if kind in MANDATORY:
        raise Refused("unsubscription.mandatory")
    if kind not in OPTIONAL:
        raise NotFound("unsubscription.unknown_kind")
