"""Rebuilding while the service goes on: nothing is lost or done twice, and nobody finds nothing."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from bells import Bell, BellRung, on_postgresql, somebody_waits_for_a_lock
from keepers import (
    NOTHING,
    Loudest,
    Ring,
    before_the_switch,
    damage,
    loudest,
    rings,
)
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from towers import heard, steps

from shared.domain.database import Sessions
from shared.messaging import rebuild as rebuild_module
from shared.messaging.inbox_row import InboxRow
from shared.messaging.rebuild import Difference, NotRebuilt
from shared.messaging.shadow_tables import Side
from shared.testing.waiting import eventually


def test_what_was_taken_in_after_the_reading_is_not_taken_away_by_the_switch(
    tower, live, rebuild, sessions, monkeypatch
):
    tower.ring(3)
    steps(live)
    with before_the_switch(monkeypatch, lambda: (tower.ring(1), steps(live))):
        assert rebuild().run() == NOTHING
    assert (rings(sessions), loudest(sessions), heard(sessions)) == ([1, 2, 3, 4], [4], [1, 2, 3, 4])


def test_the_inbox_waits_for_the_switch_and_then_goes_on(tower, live, rebuild, sessions, monkeypatch):
    """What is told after the last look into the log must not be kept before the tables are made equal."""
    tower.ring(3)
    steps(live)
    show_to = Side.show_to
    taking_in: list[Any] = []

    def told_meanwhile(side: Side, session: Session) -> None:
        tower.ring(1)
        taking_in.append(crew.submit(steps, live))
        eventually(lambda: taking_in[0].done() or is_held_up(sessions), what="the inbox waits or has gone on")
        show_to(side, session)

    monkeypatch.setattr(Side, "show_to", told_meanwhile)
    with ThreadPoolExecutor(1) as crew:
        assert rebuild().run() == NOTHING
        taking_in[0].result()
    assert (rings(sessions), loudest(sessions), heard(sessions)) == ([1, 2, 3, 4], [4], [1, 2, 3, 4])


def is_held_up(sessions: Sessions) -> bool:
    """Is whoever wants to write made to wait? SQLite does not say, so one tries it."""
    if sessions.engine.dialect.name == "postgresql":
        return somebody_waits_for_a_lock(sessions)
    with closing(sqlite3.connect(sessions.engine.url.database, timeout=0, isolation_level=None)) as another:
        try:
            another.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        another.execute("ROLLBACK")
        return False


@on_postgresql
def test_a_retry_that_is_under_way_is_waited_for(tower, live, rebuild, sessions, keeper, monkeypatch):
    """It has looked into the inbox, and will hold rows of the projections before it writes there again."""
    under_way = threading.Event()

    def refuse(_session: Session, _event: BellRung) -> None:
        raise LookupError

    def wait_for_the_switch(_session: Session, event: BellRung) -> None:
        if event.number == 1 and not under_way.is_set():
            under_way.set()
            eventually(lambda: somebody_waits_for_a_lock(sessions), what="the switch waits for this retry")

    def retry_meanwhile() -> None:
        keeper.before = wait_for_the_switch
        retrying.append(crew.submit(live._inbox.retry_due))
        assert under_way.wait(timeout=20)

    tower.ring(2)
    keeper.before = refuse
    steps(live)
    make_due(sessions)
    keeper.before = lambda _session, _event: None
    retrying: list[Any] = []
    with ThreadPoolExecutor(1) as crew, before_the_switch(monkeypatch, retry_meanwhile):
        rebuild().run()
        retrying[0].result()
    assert (rings(sessions), loudest(sessions), heard(sessions)) == ([1, 2], [2], [1, 2])


def make_due(sessions: Sessions) -> None:
    with sessions.transaction() as session:
        session.execute(
            update(InboxRow).where(InboxRow.status == "retry").values(next_at=datetime(2026, 1, 1, tzinfo=UTC))
        )


def test_nothing_is_lost_or_done_twice_while_all_goes_on(tower, live, rebuild, sessions):
    over = threading.Event()

    def ring_on() -> None:
        if ring_count(tower) - len(rings(sessions)) < 50:  # as fast as it is heard, so that this ends
            tower.ring(3)

    def go_on(step: Callable[[], object]) -> None:
        while not over.is_set():
            with suppress(DBAPIError):  # SQLite: the database is busy; tried again
                step()

    with ThreadPoolExecutor(2) as crew:
        going_on = [crew.submit(go_on, step) for step in (ring_on, live.step)]
        for _ in range(3):
            damage_one(sessions)
            rebuild().run()
        over.set()
        [each.result() for each in going_on]
    tower.stamp()
    steps(live)
    told = list(range(1, ring_count(tower) + 1))
    assert set(told) - set(rings(sessions)) == set()
    assert (loudest(sessions), heard(sessions)) == ([len(told)], told)


def damage_one(sessions: Sessions) -> None:
    eventually(lambda: rings(sessions))
    with sessions.transaction() as session:
        session.execute(delete(Ring).where(Ring.number == 1))


def ring_count(tower) -> int:
    with tower.sessions.reader() as session:
        return session.scalar(select(Bell.rung))


@on_postgresql
def test_who_reads_meanwhile_never_sees_an_empty_table(tower, live, rebuild, sessions):
    tower.ring(50)
    steps(live)
    over, seen = threading.Event(), set()

    def look() -> None:
        with sessions.reader() as session:
            while not over.is_set():
                seen.add(
                    (session.scalar(select(func.count()).select_from(Ring)), session.scalar(select(Loudest.number)))
                )

    with ThreadPoolExecutor(1) as crew:
        looking = crew.submit(look)
        for _ in range(5):
            with sessions.transaction() as session:
                session.execute(update(Ring).where(Ring.number > 25).values(number=Ring.number + 100))
            rebuild().run()
        over.set()
        looking.result()
    assert seen == {(50, 50)}


@on_postgresql
def test_rows_that_are_as_told_are_not_touched(tower, live, rebuild, sessions):
    tower.ring(3)
    steps(live)
    written = text("SELECT number, xmin::text FROM ring ORDER BY number")
    with sessions.reader() as session:
        before = session.execute(written).all()
        session.execute(delete(Ring).where(Ring.number == 3))
    assert rebuild().run()[0] == Difference("ring", 1, 0, 0)
    with sessions.reader() as session:
        assert session.execute(written).all()[:2] == before[:2]


@on_postgresql
def test_a_row_that_is_held_for_too_long_stops_the_switch_and_not_the_service(
    tower, live, rebuild, sessions, monkeypatch
):
    monkeypatch.setattr(rebuild_module, "HELD_WITHIN", 1)
    tower.ring(3)
    steps(live)
    damage(sessions)
    with sessions.transaction() as holding:
        holding.get(Loudest, tower.bell_id, with_for_update=True)
        with pytest.raises(NotRebuilt, match="too busy"):
            rebuild().run()
    assert loudest(sessions) == [77]
    tower.ring(1)
    assert steps(live) == [True, False]
    rebuild().run()
    assert (rings(sessions), loudest(sessions)) == ([1, 2, 3, 4], [4])


def test_what_was_told_during_a_long_reading_is_read_before_the_inbox_is_held(
    tower, live, rebuild, sessions, keeper, monkeypatch
):
    monkeypatch.setattr(rebuild_module, "FEW", 2)
    tower.ring(3)

    def ring_on_at_first(_session: Session, event: BellRung) -> None:
        if event.number == 1:
            tower.ring(5)

    keeper.before = ring_on_at_first
    with before_the_switch(monkeypatch, lambda: kept_before.extend(keeper.kept)):
        kept_before: list[int] = []
        rebuild().run()
    assert (kept_before, rings(sessions)) == (list(range(1, 9)), list(range(1, 9)))
