"""How often one client may ask: each by themselves, and told when to come back."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from bells import Bell, on_sqlite, service_with, settings
from flask import g, jsonify
from flask_smorest import Blueprint
from forger import signed
from limits.strategies import FixedWindowRateLimiter

from shared.domain.actor import Actor, Role
from shared.testing.harness import Caller
from shared.testing.issuer import token
from shared.web.identity import public
from shared.web.rate_windows import Windows

pytestmark = on_sqlite
tower = Blueprint("tower", __name__)


@tower.get("/v1/bells")
def count_bells():
    return jsonify(count=g.session.query(Bell).count())


@tower.post("/v1/bells")
def hang_bell():
    g.session.add(Bell.hang())
    return "", 204


@tower.get("/v1/public")
@public
def greet():
    return jsonify(hello="world")


service = service_with(tower)


@pytest.fixture
def client(database_url, sessions) -> Iterator[Callable]:
    opened = []

    def open_one(**limits: str):
        opened.append(service.create_app(settings(database_url, **limits)))
        return opened[-1].test_client()

    yield open_one
    for app in opened:
        app.sessions.engine.dispose()


def somebody(client, role: Role = Role.PRINCIPAL) -> Caller:
    return Caller(client, token(Actor(id=str(uuid4()), role=role)))


def test_who_asks_too_often_is_told_when_to_come_back(client):
    caller = somebody(client(rate_limit="3/hour"))
    assert [caller.get("/v1/bells").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = caller.get("/v1/bells")
    assert (refused.json["code"], refused.content_type) == ("request.too_many", "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["RateLimit-Policy"] == '"requests";q=3;w=3600'
    assert refused.headers["RateLimit"] == f'"requests";r=0;t={refused.headers["Retry-After"]}'


def test_changes_are_counted_once_more(client, sessions):
    caller = somebody(client(rate_limit="100/hour", rate_limit_changes="2/hour"))
    assert [caller.post("/v1/bells").status_code for _ in range(3)] == [204, 204, 429]
    assert caller.get("/v1/bells").json == {"count": 2}


def test_each_client_is_counted_alone(client):
    app = client(rate_limit="1/hour")
    first, second = somebody(app), somebody(app)
    assert [first.get("/v1/bells").status_code, first.get("/v1/bells").status_code] == [200, 429]
    assert second.get("/v1/bells").status_code == 200


def test_who_is_not_known_is_counted_by_address(client):
    app = client(rate_limit="2/hour")
    asked = [app.get("/v1/bells"), app.get("/v1/bells", headers={"Authorization": "Bearer x"}), app.get("/v1/public")]
    assert [answer.status_code for answer in asked] == [401, 401, 429]
    assert app.get("/v1/public", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_a_token_that_says_no_role_of_ours_is_counted_by_address(client):
    app, roleless = client(rate_limit="2/hour"), {"Authorization": f"Bearer {signed(role='emperor')}"}
    assert [app.get("/v1/bells", headers=roleless).status_code for _ in range(3)] == [403, 403, 429]


def test_an_address_told_by_a_proxy_is_believed_only_where_there_is_one(client):
    told = {"X-Forwarded-For": "192.0.2.7"}
    for proxies, status in ((0, 429), (1, 200)):
        app = client(rate_limit="1/hour", proxies=proxies)
        app.get("/v1/public")
        assert app.get("/v1/public", headers=told).status_code == status


def test_whoever_watches_and_whoever_subscribes_is_not_counted(client):
    app = client(rate_limit="1/hour")
    reader = somebody(app, Role.SERVICE)
    for _ in range(3):
        assert app.get("/health/live").status_code == 200
        assert app.get("/metrics").status_code == 200
        assert reader.get("/v1/events").status_code == 200
    stranger = somebody(app)
    assert [stranger.get("/v1/events").status_code for _ in range(2)] == [403, 429]


def test_a_storage_that_is_away_costs_nobody_their_answer(client, monkeypatch, caplog):
    app = client(rate_limit="2/hour")
    away = FixedWindowRateLimiter(Windows())
    monkeypatch.setattr(away.storage, "incr", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(app.application.rates, "_common", away)
    caller = somebody(app)
    assert [caller.get("/v1/bells").status_code for _ in range(3)] == [200, 200, 429]
    assert "each process counts alone" in caplog.text
    assert caller.token not in caplog.text


def test_off_is_off(client):
    caller = somebody(client())
    assert {caller.get("/v1/bells").status_code for _ in range(50)} == {200}
