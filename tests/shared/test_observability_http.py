"""Requests are counted and timed by route and never by path, also where several processes answer on one port."""

import os
import signal
from collections.abc import Iterator
from uuid import uuid4

import psutil
import pytest
from bells import on_sqlite, service_with, settings
from flask import Flask, abort, jsonify
from flask_smorest import Blueprint
from roles import Running, running, samples

from shared.domain.actor import Actor, Role
from shared.testing.harness import Caller
from shared.testing.issuer import token as token_of
from shared.testing.waiting import eventually
from shared.web.idempotency import keeps_no_answer
from shared.web.identity import public

pytestmark = on_sqlite

tower = Blueprint("tower", __name__)


@tower.get("/v1/bells/<uuid:bell_id>")
@public
def show_bell(bell_id):
    return jsonify({})


@tower.get("/v1/broken")
@public
def break_down():
    abort(503)


@tower.post("/v1/ballots")
@keeps_no_answer
def vote():
    return jsonify({})


service = service_with(tower)


@pytest.fixture
def app(database_url, sessions) -> Iterator[Flask]:
    app = service.create_app(settings(database_url))
    yield app
    app.sessions.engine.dispose()


@pytest.fixture
def count(app):
    """How many more requests were counted since the test began."""

    def read() -> dict:
        found = samples(app.test_client().get("/metrics").text)
        return {labels: value for (name, labels), value in found.items() if name == "halqa_http_requests_total"}

    before = read()
    return lambda: {
        tuple(dict(labels)[name] for name in ("method", "route", "status")): value - before.get(labels, 0)
        for labels, value in read().items()
        if value != before.get(labels, 0)
    }


def test_requests_are_counted_by_method_route_and_kind_of_answer(app, count):
    client = app.test_client()
    for _ in range(3):
        client.get(f"/v1/bells/{uuid4()}")
    client.get("/v1/broken")
    client.get(f"/v1/nothing/{uuid4()}")
    assert count() == {
        ("GET", "/v1/bells/<uuid:bell_id>", "2xx"): 3,
        ("GET", "/v1/broken", "5xx"): 1,
        ("GET", "(none)", "4xx"): 1,
    }


def test_requests_are_timed(app):
    took = ("halqa_http_request_seconds_count", frozenset({("method", "GET"), ("route", "/v1/bells/<uuid:bell_id>")}))
    before = samples(app.test_client().get("/metrics").text).get(took, 0)
    app.test_client().get(f"/v1/bells/{uuid4()}")
    assert samples(app.test_client().get("/metrics").text)[took] == before + 1


def test_an_invented_method_makes_no_series_of_its_own(app, count):
    for method in ("FROB", "NICATE"):
        app.test_client().open("/v1/broken", method=method)
    assert count() == {("other", "(none)", "4xx"): 2}


def test_those_who_watch_are_not_counted(app, count):
    for path in ("/health/live", "/health/ready", "/metrics"):
        app.test_client().get(path)
    assert count() == {}


def test_a_secret_vote_is_counted_and_leaves_no_line(app, count, caplog):
    caplog.set_level("INFO", "shared.web.request_log")
    caller = Caller(app.test_client(), token_of(Actor(id=str(uuid4()), role=Role.PRINCIPAL)))
    assert caller.post("/v1/ballots").status_code == 200
    assert caplog.messages == []
    assert count() == {("POST", "/v1/ballots", "2xx"): 1}
    caller.get(f"/v1/bells/{uuid4()}")
    assert len(caplog.messages) == 1


def test_reading_the_feed_leaves_no_line_unless_it_fails(app, caplog):
    caplog.set_level("INFO", "shared.web.request_log")
    for role, status in ((Role.SERVICE, 200), (Role.PRINCIPAL, 403)):
        actor = Actor(id=str(uuid4()), role=role)
        answer = Caller(app.test_client(), token_of(actor)).get("/v1/events")
        assert answer.status_code == status
    (line,) = caplog.messages
    assert line.startswith("GET /v1/events 403 in ")


@pytest.fixture
def two_workers(databases, tmp_path) -> Iterator[Running]:
    with running("membership", "web", tmp_path, databases.new("membership"), HALQA_WORKERS="2") as web:
        yield web


def counted(web: Running) -> float:
    return web.sample("halqa_http_requests_total", method="GET", route="(none)", status="4xx") or 0


def ask(web: Running, times: int) -> None:
    for _ in range(times):
        assert web.get("/v1/nothing").status_code == 404


def test_workers_on_one_port_count_together_and_a_dead_one_takes_no_count_with_it(two_workers):
    ask(two_workers, 40)
    assert [counted(two_workers) for _ in range(10)] == [40] * 10
    master = psutil.Process(two_workers.process.pid)
    workers = {worker.pid for worker in master.children()}
    assert len(workers) == 2
    os.kill(min(workers), signal.SIGKILL)
    eventually(lambda: {worker.pid for worker in master.children()} - workers, what="a worker in its place")
    ask(two_workers, 10)
    assert [counted(two_workers) for _ in range(10)] == [50] * 10
    assert two_workers.sample("halqa_database_up") == 1
