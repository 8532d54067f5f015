"""The effect that each peer has for each message: the row that ours writes, by the same SQLAlchemy."""

from uuid import UUID

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Heard(Base):
    __tablename__ = "heard"

    seq: Mapped[int] = mapped_column(primary_key=True)
    bell_id: Mapped[UUID]
    number: Mapped[int]


def effect_of(envelope: dict) -> Heard:
    data = envelope["data"]
    return Heard(bell_id=UUID(data["bell_id"]), number=data["number"])
