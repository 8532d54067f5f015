"""What people send: each wrong field is named, wherever it is; nothing that is sent is an error of ours."""

import json

import pytest
from bells import service_with, settings
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from shared.domain.actor import Actor, Role
from shared.testing.issuer import token as token_of
from shared.web.paging import PageRequest
from shared.web.text import Line, Text

tower = Blueprint("tower", __name__)


class RopeRequest(Schema):
    length = fields.Integer(required=True)


class BellRequest(Schema):
    name = Text(required=True, longest=20)
    motto = Line(longest=20)
    ropes = fields.List(fields.Nested(RopeRequest))


@tower.post("/v1/bells")
@tower.arguments(BellRequest)
@tower.response(200, BellRequest)
def repeat(wish):
    return wish


@tower.get("/v1/bells")
@tower.arguments(PageRequest, location="query")
@tower.response(200, PageRequest)
def turn_pages(wish):
    return wish


service = service_with(tower)


@pytest.fixture
def client(tmp_path):
    app = service.create_app(settings(f"sqlite:///{tmp_path}/empty.db"))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_of(Actor(id='a', role=Role.PORTAL))}"
    yield client
    app.sessions.engine.dispose()


@pytest.fixture
def post(client):
    return lambda body: client.post("/v1/bells", data=body, content_type="application/json")


def wrong_fields(answer) -> list[str | None]:
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["code"] == "request.invalid"
    return [error.get("field") for error in answer.json["errors"]]


def test_what_is_right_is_taken_and_trimmed(post):
    wish = {"name": " \u062c\u0631\u0633 ", "motto": "\u00c9t\u00e9", "ropes": [{"length": 1}]}
    assert post(json.dumps(wish)).json == {**wish, "name": "\u062c\u0631\u0633"}


@pytest.mark.parametrize(
    ("wish", "fields_named"),
    [
        ({}, ["name"]),
        ({"name": "   "}, ["name"]),
        ({"name": "a" * 21}, ["name"]),
        ({"name": 7}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": "a\x00b"}, ["name"]),
        ({"name": "\ud800"}, ["name"]),
        ({"name": "a", "motto": "a\r\nBcc: b"}, ["motto"]),
        ({"name": "a", "colour": "red"}, ["colour"]),
        ({"name": "a", "ropes": 3}, ["ropes"]),
        ({"name": "a", "ropes": [{"length": 1}, {"length": "x"}, {}]}, ["ropes.1.length", "ropes.2.length"]),
        ({"name": "a", "ropes": [7]}, ["ropes.0"]),
        ([], [None]),
        ("name", [None]),
    ],
)
def test_a_wrong_field_is_named_wherever_it_is(post, wish, fields_named):
    assert wrong_fields(post(json.dumps(wish))) == fields_named


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"nul", b"null", b"[" * 100_000, b'{"name": ' * 100_000])
def test_what_is_no_json_is_refused(post, body):
    answer = post(body)
    assert 400 <= answer.status_code < 500 and answer.content_type == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_kind_of_content_is_refused(client, kind):
    answer = client.post("/v1/bells", data=b'{"name": "a"}', content_type=kind)
    assert 400 <= answer.status_code < 500 and answer.content_type == "application/problem+json"


@pytest.mark.parametrize("query", ["after=abc", "after=", "limit=0", "limit=201", "limit=-1", f"limit={10**30}"])
def test_a_page_that_makes_no_sense_is_refused(client, query):
    assert wrong_fields(client.get(f"/v1/bells?{query}")) == [query.partition("=")[0]]
