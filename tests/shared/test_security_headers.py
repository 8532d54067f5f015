"""What a request may weigh, what browsers are told, and from where they may call."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from bells import on_sqlite, service_with, settings
from flask import jsonify, request
from flask_smorest import Blueprint
from werkzeug.datastructures import FileStorage

from shared.domain.actor import Actor, Role
from shared.running.settings import MissingSettings, Settings
from shared.testing.harness import Caller
from shared.testing.issuer import token
from shared.web.bodies import DEEPEST, LARGEST_JSON, is_too_deep
from shared.web.identity import public

PORTAL = "https://portal.example"
tower = Blueprint("tower", __name__)


def weight(file: FileStorage) -> int:
    with file.stream as content:
        return len(content.read())


@tower.post("/v1/weigh")
def weigh():
    return jsonify(bytes=len(request.get_data()), files=[weight(file) for file in request.files.values()])


@tower.get("/v1/page")
@public
def page():
    return "<!doctype html><title>x</title>"


service = service_with(tower)


@pytest.fixture
def client(database_url, sessions) -> Iterator[Callable]:
    opened = []

    def open_one(**more):
        opened.append(service.create_app(settings(database_url, **more)))
        return opened[-1].test_client()

    yield open_one
    for app in opened:
        app.sessions.engine.dispose()


@pytest.fixture
def caller(client) -> Caller:
    return Caller(client(), token(Actor(id="portal", role=Role.PORTAL)))


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@on_sqlite
def test_json_may_weigh_less_than_a_file(caller):
    as_json = {"content_type": "application/json"}
    at_most = json.dumps("x" * (LARGEST_JSON - 2)).encode()
    assert caller.post("/v1/weigh", data=at_most, **as_json).json["bytes"] == LARGEST_JSON
    heavier = caller.post("/v1/weigh", data=at_most + b" ", **as_json)
    assert (heavier.status_code, heavier.json["code"]) == (413, "request.too_large")
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="file.csv"\r\n\r\n'
    form = head + b"x" * 3 * LARGEST_JSON + b"\r\n--b--\r\n"
    as_form = {"content_type": "multipart/form-data; boundary=b"}
    assert caller.post("/v1/weigh", data=form, **as_form).json["files"] == [3 * LARGEST_JSON]


@on_sqlite
def test_json_may_be_nested_so_deep_and_no_deeper(caller):
    for depth, status in ((DEEPEST, 200), (DEEPEST + 1, 400), (100_000, 400)):
        answer = caller.post("/v1/weigh", data=nested(depth), content_type="application/json")
        assert answer.status_code == status
    assert answer.json["code"] == "request.nested_too_deeply"


@pytest.mark.parametrize(
    ("wire", "too_deep"),
    [
        (b'["' + b"[" * 1000 + b'"]', False),
        (b'["\\"' + b"[" * 1000 + b'"]', False),
        (b'["\\\\", ' + nested(40) + b"]", True),
        (b"[" + b"[]," * 1000 + b"1]", False),
        (b'{"a":' * 33 + b"1" + b"}" * 33, True),
        (b"", False),
    ],
)
def test_brackets_within_texts_do_not_count(wire, too_deep):
    assert is_too_deep(wire) is too_deep


@pytest.mark.parametrize(
    "wire", [b'"' * LARGEST_JSON, b'["' + b'\\"' * (LARGEST_JSON // 2), b"[]" * (LARGEST_JSON // 2)]
)
def test_to_look_for_depth_takes_time_in_proportion(wire):
    began = time.process_time()
    is_too_deep(b"[" * 20 + b"{" * 20 + wire) or is_too_deep(b"[]" * 40 + wire)
    assert time.process_time() - began < 2


@on_sqlite
def test_every_answer_tells_browsers_what_they_may_do_with_it(caller):
    answers = [caller.post("/v1/weigh"), caller.get("/nothing"), caller.client.get("/health/live")]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "Strict-Transport-Security" not in answer.headers and "Server" not in answer.headers
    for path in ("/v1/page", "/docs"):
        allowed = caller.client.get(path).headers["Content-Security-Policy"]
        assert "script-src 'self';" in allowed and "frame-ancestors 'none'" in allowed


@on_sqlite
def test_browsers_stay_with_https_where_a_proxy_says_that_it_is_used(client):
    told = {"X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in client().get("/docs", headers=told).headers
    assert "Strict-Transport-Security" in client(proxies=1).get("/docs", headers=told).headers


@on_sqlite
def test_pages_of_other_origins_may_not_call_unless_it_is_said(client):
    asks = {"Origin": PORTAL, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "if-match"}
    closed, opened = client(), client(cors_origins=f"{PORTAL},https://other.example")
    assert "Access-Control-Allow-Origin" not in closed.options("/v1/weigh", headers=asks).headers
    told = opened.options("/v1/weigh", headers=asks)
    assert (told.status_code, told.headers["Access-Control-Allow-Origin"]) == (200, PORTAL)
    assert "if-match" in told.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in told.headers
    stranger = opened.options("/v1/weigh", headers=asks | {"Origin": f"{PORTAL}.evil.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers
    refused = opened.get("/nothing", headers={"Origin": PORTAL})
    assert "ETag" in refused.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALQA_CORS_ORIGINS", "*"),
        ("HALQA_CORS_ORIGINS", "portal.example"),
        ("HALQA_CORS_ORIGINS", f"{PORTAL}/path"),
        ("HALQA_RATE_LIMIT", "many"),
        ("HALQA_RATE_LIMIT_CHANGES", "0/minute"),
        ("HALQA_PROXIES", "one"),
    ],
)
def test_settings_that_cannot_be_meant_stop_the_start(name, value):
    needed = {"HALQA_DATABASE_URL": "sqlite://", "HALQA_ISSUER": "https://issuer.example"}
    with pytest.raises(MissingSettings, match=name):
        Settings.read(needed | {name: value})
