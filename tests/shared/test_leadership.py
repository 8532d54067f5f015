"""Leadership: one at a time; the lock dies with its holder, however it dies."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from bells import on_postgresql
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from shared.messaging.leadership import Leadership
from shared.testing.waiting import eventually

LEADER = """
import sys
from shared.domain.database import connect
from shared.messaging.leadership import Leadership
leadership = Leadership(connect(sys.argv[1]), "relay")
print(leadership.is_mine(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def stand(open_database, database_url) -> Iterator[Callable[..., Leadership]]:
    """`stand()` is one more candidate, with connections of its own."""
    candidates: list[Leadership] = []

    def stand_once(task: str = "relay") -> Leadership:
        candidates.append(Leadership(open_database(database_url).engine, task))
        return candidates[-1]

    yield stand_once
    for candidate in candidates:
        candidate.release()


def test_only_one_leads_until_it_steps_down(stand):
    first, second = stand(), stand()
    assert [first.is_mine(), second.is_mine(), first.is_mine(), second.is_mine()] == [True, False, True, False]
    first.release()
    assert eventually(second.is_mine)  # a server learns a moment later that a connection was closed
    assert not first.is_mine()


def test_each_task_has_a_leader_of_its_own(stand):
    assert stand("relay").is_mine()
    assert stand("clock").is_mine()


def test_stepping_down_without_leading_is_harmless(stand):
    first, second = stand(), stand()
    assert first.is_mine()
    second.release()
    assert first.is_mine()
    assert not second.is_mine()


def test_the_next_one_leads_when_the_leaders_process_is_killed(stand, database_url):
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with leader:
        assert leader.stdout.readline() == "True\n"
        standby = stand()
        assert not standby.is_mine()
        leader.kill()
        leader.wait()
        assert eventually(standby.is_mine, what="the standby takes over")


@on_postgresql
def test_a_leader_that_loses_its_connection_knows_it(stand, database_url):
    first, second = stand(), stand()
    assert first.is_mine()
    end_connections(database_url)
    assert eventually(lambda: leads(second))
    assert not first.is_mine()
    assert not first.is_mine()
    second.release()
    assert eventually(first.is_mine)


def leads(candidate: Leadership) -> bool:
    """Whose own connection may have been ended too, which it notices by failing once."""
    try:
        return candidate.is_mine()
    except OperationalError:
        return False


def end_connections(url: str) -> None:
    admin = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(end), {"name": make_url(url).database})
    admin.dispose()


@on_postgresql
def test_candidates_hold_no_connection_while_they_wait(stand):
    leader, waiting = stand(), stand()
    assert leader.is_mine()
    pool = waiting._lock._engine.pool
    for _ in range(5):
        assert not waiting.is_mine()
    assert (pool.checkedout(), pool.checkedin()) == (0, 1)
