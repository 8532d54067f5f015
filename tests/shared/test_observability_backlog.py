"""What waits in the database is told as it is, at a bounded cost, and never by failing."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import uuid4

import pytest
from bells import hang_bell, on_postgresql, on_sqlite, ring_bell
from flask import Flask
from roles import samples
from sqlalchemy import Engine, event, insert, make_url, update

from shared.domain.database import Sessions, new_id
from shared.messaging.backlog import MOST, Backlog
from shared.messaging.inbox_row import InboxRow
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import OutboxRow
from shared.messaging.pull import Checkpoint
from shared.running.metrics import metrics
from shared.testing.wire import Wire


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.fixture
def stamper(sessions) -> Iterator[Stamper]:
    leadership = Leadership(sessions.engine, "stamp")
    yield Stamper(sessions, leadership)
    leadership.release()


def read(url: str, *, publishes: bool = True) -> dict:
    """As `/metrics` shows it."""
    app = Flask("scraped")
    app.register_blueprint(metrics(Backlog(url, "bells.ear", publishes=publishes)))
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    found = samples(answer.text).items()
    return {(name, *sorted(value for _, value in labels)) if labels else name: value for (name, labels), value in found}


def make_older(sessions: Sessions, seconds: float, *where) -> None:
    with sessions.transaction() as session:
        session.execute(update(OutboxRow).where(*where).values(occurred_at=ago(seconds)))


def test_an_empty_backlog_is_all_zeros(database_url, sessions):
    found = read(database_url)
    names = ("unstamped", "unpublished", "quarantined", "oldest_seconds")
    assert [found[f"halqa_outbox_{name}"] for name in names] == [0, 0, 0, 0]
    assert [found["halqa_inbox_parked", "bells.ear", status] for status in ("retry", "blocked", "dead")] == [0, 0, 0]
    assert (found["halqa_database_up"], found["halqa_log_last_position"]) == (1, 0)


def test_events_are_counted_where_they_wait(database_url, sessions, stamper):
    ring_bell(sessions, hang_bell(sessions), times=3)
    make_older(sessions, 100)
    assert stamper.step()
    ring_bell(sessions, hang_bell(sessions), times=2)
    found = read(database_url)
    assert (found["halqa_outbox_unstamped"], found["halqa_outbox_unpublished"]) == (2, 3)
    assert found["halqa_log_last_position"] == 3
    assert 100 <= found["halqa_outbox_oldest_seconds"] < 130
    with sessions.transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.position.in_((1, 2))).values(published_at=ago(0)))
    assert read(database_url)["halqa_outbox_unpublished"] == 1


def test_without_a_broker_an_event_has_left_when_the_feed_shows_it(database_url, sessions, stamper):
    ring_bell(sessions, hang_bell(sessions))
    make_older(sessions, 100)
    assert read(database_url, publishes=False)["halqa_outbox_oldest_seconds"] >= 100
    stamper.step()
    found = read(database_url, publishes=False)
    assert found["halqa_outbox_oldest_seconds"] == 0
    assert "halqa_outbox_unpublished" not in found


def test_what_waits_for_an_operator_is_counted_and_is_not_late(database_url, sessions, stamper):
    stuck, free = hang_bell(sessions), hang_bell(sessions)
    ring_bell(sessions, stuck, times=2)
    ring_bell(sessions, free)
    make_older(sessions, 100, OutboxRow.aggregateid == str(stuck))
    make_older(sessions, 40, OutboxRow.aggregateid == str(free))
    stamper.step()
    with sessions.transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.position == 1).values(quarantined_at=ago(0)))
    found = read(database_url)
    assert (found["halqa_outbox_quarantined"], found["halqa_outbox_unpublished"]) == (1, 3)
    assert 40 <= found["halqa_outbox_oldest_seconds"] < 70


def parked(status: str, seconds: float, subscription: str = "bells.ear") -> dict:
    told = {"subscription": subscription, "message_id": new_id(), "type": "bells.bell_rung.v1", "attempts": 1}
    return told | {"partition_key": str(uuid4()), "status": status, "received_at": ago(seconds), "next_at": ago(0)}


def test_what_was_not_applied_is_counted_by_its_status_with_the_age_of_the_oldest(database_url, sessions):
    rows = [parked("retry", 10), parked("retry", 50), parked("blocked", 20), parked("done", 900)]
    rows += [parked("dead", seconds) for seconds in (5, 70, 6)] + [parked("dead", 900, subscription="another")]
    with sessions.transaction() as session:
        session.execute(insert(InboxRow), rows)
    found = read(database_url)
    for status, count, age in (("retry", 2, 50), ("blocked", 1, 20), ("dead", 3, 70)):
        assert found["halqa_inbox_parked", "bells.ear", status] == count
        assert age <= found["halqa_inbox_oldest_seconds", "bells.ear", status] < age + 30
    assert found["halqa_inbox_parked", "another", "dead"] == 1


@on_sqlite
def test_every_question_reads_only_what_waits(database_url, sessions):
    asked: list[tuple[str, tuple]] = []
    note = lambda _connection, _cursor, question, values, *_: asked.append((question, values))  # noqa: E731
    event.listen(Engine, "before_cursor_execute", note)
    read(database_url)
    event.remove(Engine, "before_cursor_execute", note)
    large = [(question, values) for question, values in asked if re.search("FROM (outbox|inbox|job)", question)]
    with sessions.engine.connect() as connection:
        plans = [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {ask}", values).all()) for ask, values in large]
    assert len(plans) == 10
    assert [plan for plan in plans if not READS_WHAT_WAITS.search(plan)] == []


READS_WHAT_WAITS = re.compile(
    r"INDEX (ix_outbox_|ix_inbox_(due|parked|dead)|ix_job_open|sqlite_autoindex_outbox_2 \(position=)"
)


def test_how_far_feeds_were_read_is_told(database_url, sessions):
    with sessions.transaction() as session:
        session.add(Checkpoint(subscription="bells.ear", publisher="tower", epoch="e", position=41))
    assert read(database_url)["halqa_checkpoint_position", "bells.ear", "tower"] == 41


def test_counting_stops_at_the_most_there_is_to_know(database_url, sessions):
    with sessions.transaction() as session:
        session.execute(insert(InboxRow), [parked("dead", 5) for _ in range(MOST + 20)])
    assert read(database_url)["halqa_inbox_parked", "bells.ear", "dead"] == MOST


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_away_is_told_and_fails_nothing(url):
    found = read(url)
    assert found["halqa_database_up"] == 0
    assert not [name for name in found if "outbox" in str(name)]


@on_postgresql
def test_a_database_that_says_nothing_costs_a_scrape_no_more_than_the_time_to_connect(database_url, sessions):
    at = make_url(database_url)
    wire = Wire((at.host, at.port))
    wire.freeze()
    began = monotonic()
    try:
        found = read(at.set(port=wire.port).render_as_string(hide_password=False))
    finally:
        wire.close()
    assert found["halqa_database_up"] == 0
    assert monotonic() - began < 8


def test_readings_at_once_do_not_disturb_each_other(database_url, sessions):
    ring_bell(sessions, hang_bell(sessions), times=2)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: read(database_url)["halqa_outbox_unstamped"], range(12)))
    assert found == [2] * 12
