"""Whether a role can do its work: `work` answers for the backlog, `web` does not, and a broker that is away is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bells import hang_bell, on_sqlite, ring_bell, service, settings
from flask.testing import FlaskClient
from roles import running
from sqlalchemy import insert, update

from meetings.app import service as meetings_service
from shared.domain.database import new_id
from shared.messaging import meters
from shared.messaging.inbox_row import InboxRow
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import OutboxRow
from shared.running.loops import Crew
from shared.testing.waiting import eventually

BROKER = "amqp://nobody@127.0.0.1:1//"


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew()
    crew.start(lambda stop: stop.wait(), "something")
    yield crew
    crew.finish()


@pytest.fixture(autouse=True)
def _is_migrated(monkeypatch) -> None:
    monkeypatch.setattr("shared.running.migrations.missing", lambda _engine, _service: None)  # the bells have none


@pytest.fixture
def work(database_url, sessions, crew) -> FlaskClient:
    return service.create_work_app(settings(database_url, broker_url=BROKER), crew).test_client()


@pytest.fixture
def late(sessions) -> None:
    """An event has a place in the log, and no broker has taken it for a day."""
    ring_bell(sessions, hang_bell(sessions))
    leadership = Leadership(sessions.engine, "stamp")
    Stamper(sessions, leadership).step()
    leadership.release()
    with sessions.transaction() as session:
        session.execute(update(OutboxRow).values(occurred_at=datetime.now(UTC) - timedelta(days=1)))


def checks(client: FlaskClient) -> tuple[int, dict[str, str]]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json["checks"]


def test_work_is_ready_while_nothing_waits_long(work, sessions):
    ring_bell(sessions, hang_bell(sessions))
    assert checks(work) == (200, {"database": "ok", "threads": "ok", "backlog": "ok"})


def test_work_is_not_ready_while_an_event_waits_too_long(work, late):
    status, found = checks(work)
    assert (status, found["database"], found["threads"]) == (503, "ok", "ok")
    assert found["backlog"].startswith("an event has waited for 864")
    assert work.get("/health/live").status_code == 200


def test_how_long_is_too_long_is_a_setting(database_url, late, crew):
    patient = settings(database_url, broker_url=BROKER, backlog_ready_seconds=2 * 86400)
    assert checks(service.create_work_app(patient, crew).test_client())[0] == 200


def test_web_goes_on_while_events_wait(database_url, late):
    app = service.create_app(settings(database_url))
    assert checks(app.test_client()) == (200, {"database": "ok"})
    app.sessions.engine.dispose()


def test_dead_letters_wait_for_a_person_and_make_nothing_unready(work, sessions):
    long_ago = datetime.now(UTC) - timedelta(days=9)
    dead = {"subscription": "bells.ear", "message_id": new_id(), "type": "a", "partition_key": "k", "status": "dead"}
    with sessions.transaction() as session:
        session.execute(insert(InboxRow).values(**dead, attempts=6, received_at=long_ago))
    assert checks(work)[0] == 200


def test_work_is_not_ready_when_one_of_its_threads_has_ended(work, crew):
    crew.start(lambda _stop: None, "something short")
    eventually(lambda: not crew.alive)
    assert checks(work) == (503, {"database": "ok", "threads": "a thread has ended", "backlog": "ok"})


def test_that_the_broker_is_away_is_told_and_makes_nothing_unready(work):
    told = {}
    for connected in (0, 1):
        meters.connected.labels("bells.ear").set(connected)
        answer = work.get("/health/ready")
        told[answer.json["broker"]] = answer.status_code
    meters.connected.remove("bells.ear")
    assert told == {"not connected": 200, "connected": 200}


def test_where_events_are_pulled_no_broker_is_spoken_of(database_url, sessions, crew):
    answer = service.create_work_app(settings(database_url), crew).test_client().get("/health/ready")
    assert "broker" not in answer.json


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_work_without_its_database_is_alive_and_not_ready(url, crew):
    work = service.create_work_app(settings(url), crew).test_client()
    status, found = checks(work)
    assert (status, found["backlog"]) == (503, "the backlog cannot be read")
    assert found["database"].startswith("the database does not answer")
    assert work.get("/health/live").status_code == 200


def test_a_real_work_answers_those_who_watch(databases, tmp_path: Path):
    with running("membership", "work", tmp_path, databases.new("membership")) as work:
        answer = work.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")
        assert work.sample("halqa_outbox_oldest_seconds") == 0
        assert work.get("/v1/delegations").status_code == 404


@on_sqlite
def test_a_real_work_says_whether_its_broker_is_there(databases, tmp_path, rabbitmq_url):
    with running("membership", "web", tmp_path, databases.new("membership")) as publisher:
        ways = {"HALQA_BROKER_URL": rabbitmq_url, "HALQA_PEERS": f"membership={publisher.url}"}
        with running("meetings", "work", tmp_path, databases.new("meetings"), **ways) as work:
            eventually(lambda: work.get("/health/ready").json()["broker"] == "connected")
            assert work.sample("halqa_consumer_connected", subscription=meetings_service.subscriptions.name) == 1
            assert work.sample("halqa_outbox_unpublished") == 0
