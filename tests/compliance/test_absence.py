"""Whoever is away for a while, however they went, finds everything when they come back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict

import pytest
import sqlalchemy
from sqlalchemy import make_url, text

from shared.domain import database
from shared.testing.waiting import eventually

from .ways import Way


def test_a_subscriber_stopped_and_started_again_goes_on_where_it_was(way):
    way.start()
    way.ring(2)
    way.hears(1, 2)
    way.stop()
    way.ring(2)
    way.start()
    way.ring()
    way.hears(1, 2, 3, 4, 5)


def test_a_subscriber_killed_with_an_event_in_hand_leaves_it_to_the_next(way):
    with process_of(way) as process:
        way.wait_for_listener()
        way.ring(3)
        assert process.stdout.readline() == "in hand\n"
        process.send_signal(signal.SIGKILL)
    way.ring()
    way.start()
    way.hears(1, 2, 3, 4)


@contextmanager
def process_of(way: Way) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "compliance.process", way.ear.subscriptions.name, json.dumps(asdict(way.wishes))]
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_line_that_is_cut_again_and_again_loses_nothing(way):
    way.start()
    for _ in range(10):
        way.ring(5)
        way.cut()
    way.hears(*range(1, 51))


def test_a_publisher_and_a_broker_that_are_away_for_a_while_cost_nothing(way):
    way.start()
    way.ring()
    way.hears(1)
    way.unplug()
    way.ring(3)
    eventually(lambda: way.complaint_about_line in str(way.log.messages), what="the absence is noticed")
    assert way.heard() == [1]
    way.plug()
    way.ring()
    way.hears(1, 2, 3, 4, 5)


def test_each_line_may_be_away_by_itself(way):
    way.start()
    for number, line in enumerate(way.lines):
        line.unplug()
        way.ring(3)
        line.plug()
        way.hears(*range(1, 3 * number + 4))


def test_a_database_that_is_away_for_a_while_costs_nothing(way, away):
    way.start()
    way.ring()
    way.hears(1)
    with away(way.url):
        way.ring(3)
        eventually(lambda: way.complaint_about_database in str(way.log.messages), what="the absence is noticed")
    way.sessions.engine.dispose()  # the tests' own connections were ended as well
    way.ring()
    way.hears(1, 2, 3, 4, 5)
    assert way.statuses() == {"done": 5}


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AbstractContextManager[None]]:
    """`with away(url)`: no transaction gets into this database."""
    impatient = [pragma.replace("5000", "50") for pragma in database.SQLITE_PRAGMAS]
    monkeypatch.setattr(database, "SQLITE_PRAGMAS", impatient)  # or it would wait for as long as this takes
    return lambda url: (_sqlite_is_away if url.startswith("sqlite") else _postgresql_is_away)(url)


@contextmanager
def _sqlite_is_away(url: str) -> Iterator[None]:
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as somebody_else:
        somebody_else.execute(text("BEGIN IMMEDIATE"))
        yield
        somebody_else.execute(text("ROLLBACK"))
    engine.dispose()


@contextmanager
def _postgresql_is_away(url: str) -> Iterator[None]:
    name = make_url(url).database
    server = sqlalchemy.create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as administrator:
        administrator.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        ends = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        administrator.execute(ends, {"name": name})
        yield
        administrator.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    server.dispose()
