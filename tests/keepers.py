"""Somebody who keeps what bells have told (tests/bells.py), for the tests of making that anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from bells import BellRung, write_down
from sqlalchemy import delete, inspect, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.domain.database import Sessions, insert_into, new_metadata
from shared.messaging.rebuild import Difference, Rebuild
from shared.messaging.subscriptions import Subscriptions


class Base(DeclarativeBase):
    metadata = new_metadata()


class Ring(Base):
    """Each ring that was told, once."""

    __tablename__ = "ring"

    bell_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class Loudest(Base):
    """The last ring of each bell."""

    __tablename__ = "loudest"

    bell_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]


def keep(session: Session, event: BellRung) -> None:
    row = {"bell_id": event.bell_id, "number": event.number}
    session.execute(insert_into(session, Ring).values(row).on_conflict_do_nothing())
    last = session.get(Loudest, event.bell_id) or Loudest(bell_id=event.bell_id, number=0)
    last.number = max(last.number, event.number)
    session.add(last)


class Keeper:
    """What it keeps, and how often; `before` may do anything first."""

    def __init__(self) -> None:
        self.subscriptions = Subscriptions("bells.keeper", keeps={BellRung: self.keep}, on={BellRung: write_down})
        self.before: Callable[[Session, BellRung], None] = lambda _session, _event: None
        self.kept: list[int] = []

    def keep(self, session: Session, event: BellRung) -> None:
        self.before(session, event)
        self.kept.append(event.number)
        keep(session, event)


def rings(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Ring.number).order_by(Ring.number)))


def loudest(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Loudest.number)))


def damage(sessions: Sessions) -> None:
    """Two rings are forgotten, one was never told, and the last is another."""
    with sessions.transaction() as session:
        session.execute(delete(Ring).where(Ring.number.in_([2, 5])))
        session.add(Ring(bell_id=uuid4(), number=99))
        session.execute(update(Loudest).values(number=77))


WHAT_IT_TOOK = [Difference("ring", added=2, changed=0, removed=1), Difference("loudest", added=0, changed=1, removed=0)]

NOTHING = [Difference("ring", 0, 0, 0), Difference("loudest", 0, 0, 0)]


@contextmanager
def before_the_switch(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> Iterator[None]:
    """When all has been read, and the inbox is not held yet."""
    switch = Rebuild._switch

    def happens_first(rebuild: Rebuild, *how: Any) -> list[Difference]:
        happens()
        return switch(rebuild, *how)

    with monkeypatch.context() as patched:
        patched.setattr(Rebuild, "_switch", happens_first)
        yield


def side_is_there(sessions: Sessions, url: str) -> bool:
    if url.startswith("sqlite"):
        return Path(f"{url.removeprefix('sqlite:///')}.rebuild").exists()
    return "rebuild" in inspect(sessions.engine).get_schema_names()


class Killed(BaseException):
    """As when the process dies: nobody catches it."""
