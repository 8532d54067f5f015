"""A tiny service for the tests of what is shared: bells ring, and somebody hears them."""

from typing import Any, Self
from uuid import UUID

import pytest
from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.domain.database import Sessions, connect, new_metadata
from shared.domain.entity import Entity
from shared.events import declared, event
from shared.messaging import outbox
from shared.messaging.subscriptions import Subscriptions
from shared.running.capabilities import Capability
from shared.running.service import Service
from shared.running.settings import Settings
from shared.testing import issuer
from shared.testing.harness import UNHURRIED

on_postgresql = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@event("bells.bell_rung.v1")
class BellRung:
    """Rings are counted for each bell, so whoever hears them can tell whether one is missing."""

    bell_id: UUID
    number: int


# Other tests look at all that is declared; this one is declared only while a test of shared runs (its conftest).
del declared[BellRung.wire_type]


class Base(DeclarativeBase):
    metadata = new_metadata()


class Bell(Entity, Base):
    """Counts how often it was rung."""

    __tablename__ = "bell"

    rung: Mapped[int]

    @classmethod
    def hang(cls) -> Self:
        return cls(rung=0)

    def ring(self) -> None:
        self.rung += 1
        self.record(BellRung(bell_id=self.id, number=self.rung))

    def ring_by_itself(self) -> None:
        """Tells, and changes nothing else."""
        self.record(BellRung(bell_id=self.id, number=0))


class Heard(Base):
    """One row for each time somebody heard a bell: twice heard is two rows."""

    __tablename__ = "heard"

    seq: Mapped[int] = mapped_column(primary_key=True)
    bell_id: Mapped[UUID]
    number: Mapped[int]


def listeners(name: str = "bells.ear") -> Subscriptions:
    """Somebody who writes down every ring."""
    return Subscriptions(name, on={BellRung: write_down})


def write_down(session: Session, event: BellRung) -> None:
    session.add(Heard(bell_id=event.bell_id, number=event.number))


def settings(url: str, **more: str) -> Settings:
    return Settings(database_url=url, **issuer.settings() | UNHURRIED | more)


def service_with(*blueprints: Blueprint, **more: Any) -> Service:
    """Its parts named one by one, as a test needs them."""
    parts = {"blueprints": blueprints, "subscriptions": listeners()} | more
    return Service("bells", "Bells", Base.metadata, [Capability(**parts)], Settings)


service = service_with()


def open_sessions(url: str) -> Sessions:
    """On a database that has the tables of messaging already."""
    sessions = Sessions(connect(url), policy=service.policy)
    Base.metadata.create_all(sessions.engine)
    outbox.install(sessions, "bells")
    return sessions


def hang_bell(sessions: Sessions) -> UUID:
    with sessions.transaction() as session:
        bell = Bell.hang()
        session.add(bell)
        return bell.id


def ring_bell(sessions: Sessions, bell_id: UUID, times: int = 1) -> None:
    """Each ring in a transaction of its own."""
    for _ in range(times):
        with sessions.transaction() as session:
            session.get_one(Bell, bell_id).ring()


def somebody_waits_for_a_lock(sessions: Sessions) -> bool:
    """On PostgreSQL: is a transaction of this database held up by another one?"""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with sessions.reader() as session:
        return session.scalar(text(waiting)) > 0
