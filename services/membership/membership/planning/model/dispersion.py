"""How far apart people are, and what is done about it: road distances between schools, measures for who is far."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.organisation import Delegation
from membership.people import Principal
from shared.domain.database import Moment, new_id, word_of

ROAD_SPEED_KM_H = 40  # on the roads between rural schools; turns minutes that were given into kilometres


class Distance(Base):
    """The way from one school to another, as the Delegation knows it; pairs without one are taken as the crow flies."""

    __tablename__ = "distance"

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), primary_key=True)
    from_code: Mapped[str] = mapped_column(primary_key=True)
    to_code: Mapped[str] = mapped_column(primary_key=True)
    km: Mapped[float]


class MeasureKind(StrEnum):
    REMOTE_ATTENDANCE = "remote_attendance"
    SHARED_TRANSPORT = "shared_transport"
    ROTATING_VENUE = "rotating_venue"
    TRAVEL_ALLOWANCE = "travel_allowance"


class Mitigation(Base):
    """One measure for one principal who is far from their peers."""

    __tablename__ = "mitigation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id))
    measure: Mapped[MeasureKind] = mapped_column(word_of(MeasureKind))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("principal_id", "measure"),)


def kilometres(km: float | None, minutes: float | None) -> float:
    """Of a way that was given as one or the other."""
    return km if km is not None else (minutes or 0) / 60 * ROAD_SPEED_KM_H
