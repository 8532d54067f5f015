"""Two tiny services for the measurements: bells are rung in the belfry, and the town hears them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.domain.database import Moment, Sessions, connect, new_metadata
from shared.domain.entity import Entity
from shared.events import event
from shared.messaging import outbox
from shared.messaging.subscriptions import Subscriptions
from shared.running.capabilities import Capability
from shared.running.service import Service
from shared.running.settings import Settings
from shared.testing import issuer


@event("belfry.bell_rung.v1")
class BellRung:
    """Rings are counted for each bell."""

    bell_id: UUID
    number: int
    tower: str


class Base(DeclarativeBase):
    metadata = new_metadata()


class Bell(Entity, Base):
    """Counts how often it was rung."""

    __tablename__ = "bell"

    tower: Mapped[str]
    founder: Mapped[str]
    weight_kg: Mapped[int]
    hung_at: Mapped[datetime] = mapped_column(Moment)
    rung: Mapped[int]

    @classmethod
    def hang(cls) -> Self:
        tower, founder = "The tower of the old town hall, above the market", "A founder of bells"
        return cls(tower=tower, founder=founder, weight_kg=840, hung_at=datetime.now(UTC), rung=0)

    def ring(self, times: int = 1) -> None:
        self.rung += times
        self.record(BellRung(bell_id=self.id, number=self.rung, tower=self.tower))


class Heard(Base):
    """The effect: one row for each ring that the town has heard."""

    __tablename__ = "heard"

    seq: Mapped[int] = mapped_column(primary_key=True)
    bell_id: Mapped[UUID]
    number: Mapped[int]


def write_down(session: Session, event: BellRung) -> None:
    session.add(Heard(bell_id=event.bell_id, number=event.number))


def belfry(run: str) -> Service:
    """Tells, and hears nothing."""
    return _service("belfry", Subscriptions(f"belfry.nothing_{run}"))


def town(run: str) -> Service:
    """Hears all bells; each run has a queue of its own."""
    subscriptions = Subscriptions(f"town.ear_{run}", on={BellRung: write_down})
    return _service("town", subscriptions)


def _service(name: str, subscriptions: Subscriptions) -> Service:
    return Service(name=name, title=name, tables=Base.metadata, capabilities=[Capability(subscriptions=subscriptions)])


def settings(database_url: str, **more: str) -> Settings:
    counted = {"rate_limit": "1000000/second", "rate_limit_changes": "1000000/second"}  # at its cost, and never refused
    return Settings(database_url=database_url, **issuer.settings_to_ask_others(), **counted, **more)


def create_tables(database_url: str) -> None:
    engine = connect(database_url)
    Base.metadata.create_all(engine)
    engine.dispose()


def open_belfry(engine: Engine) -> Sessions:
    sessions = Sessions(engine)
    outbox.install(sessions, "belfry")
    return sessions


def hang_bells(sessions: Sessions, count: int) -> list[UUID]:
    with sessions.transaction() as session:
        bells = [Bell.hang() for _ in range(count)]
        session.add_all(bells)
        return [bell.id for bell in bells]


def ring_bells(sessions: Sessions, bell_ids: Iterable[UUID]) -> None:
    """Ring these once each, in one transaction."""
    with sessions.transaction() as session:
        for bell_id in bell_ids:
            session.get_one(Bell, bell_id).ring()
