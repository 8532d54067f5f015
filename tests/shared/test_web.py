"""The web side that all services share: one transaction per request, a problem for every error, one correlation id."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from bells import Bell, on_postgresql, on_sqlite, service_with, settings
from flask import Flask, g, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import func, select, text
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from shared.domain import refusals
from shared.domain.actor import Actor, Role
from shared.domain.database import Sessions, new_id
from shared.domain.refusals import Fault
from shared.events import decode
from shared.messaging.outbox import OutboxRow
from shared.testing.harness import Caller
from shared.testing.issuer import token as token_of
from shared.web.bodies import LARGEST_JSON
from shared.web.identity import public

tower = Blueprint("tower", __name__)


class BellSchema(Schema):
    id = fields.UUID()
    rung = fields.Integer()


@tower.post("/v1/bells")
@tower.response(201, BellSchema)
def hang_bell():
    bell = Bell.hang()
    bell.ring()
    g.session.add(bell)
    g.session.flush()
    return bell


@tower.get("/v1/bells/<uuid:bell_id>")
@tower.response(200, BellSchema)
def show_bell(bell_id: UUID):
    return g.session.get_one(Bell, bell_id)


@tower.post("/v1/break/<how>")
def hang_bell_and_break(how: str):
    """Something is written, then it goes wrong."""
    bell = Bell.hang()
    bell.ring()
    g.session.add(bell)
    g.session.flush()
    BREAKS[how](bell)
    return jsonify(broken=False)


@tower.get("/v1/public")
@public
def greet():
    return jsonify(hello="world")


def surprise(_bell: Bell) -> None:
    raise RuntimeError("a password, and the road to it")


def refuse(kind: type[refusals.Refusal], *faults: Fault) -> Callable[[Bell], None]:
    def raise_it(_bell: Bell) -> None:
        raise kind("bell.cracked", faults=list(faults))

    return raise_it


def change_behind_its_back(bell: Bell) -> None:
    g.session.execute(text("UPDATE bell SET version = version + 1"))
    bell.ring()
    g.session.flush()


def hang_twice(bell: Bell) -> None:
    columns = {"id": bell.id, "rung": 0, "version": 1, "last_sequence": 0}
    g.session.execute(Bell.__table__.insert().values(**columns))


def wait_in_vain(_bell: Bell) -> None:
    raise NoConnectionFree("QueuePool limit")


def lose_the_connection(_bell: Bell) -> None:
    g.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


BREAKS = {
    "surprise": surprise,
    "invalid": refuse(refusals.Invalid, Fault("bell.no_code", "code", 3, "x"), Fault("field.required")),
    "not_identified": refuse(refusals.NotIdentified),
    "not_allowed": refuse(refusals.NotAllowed),
    "not_found": refuse(refusals.NotFound),
    "refused": refuse(refusals.Refused),
    "stale": refuse(refusals.Stale),
    "changed": change_behind_its_back,
    "twice": hang_twice,
    "exhausted": wait_in_vain,
    "lost": lose_the_connection,
}
service = service_with(tower)


@pytest.fixture
def app(database_url, sessions) -> Iterator[Flask]:
    app = service.create_app(settings(database_url))
    yield app
    app.sessions.engine.dispose()


@pytest.fixture
def caller(app) -> Caller:
    return Caller(app.test_client(), token_of(Actor(id=str(uuid4()), role=Role.PRINCIPAL)))


def bells(sessions: Sessions) -> int:
    with sessions.reader() as session:
        return session.scalar(select(func.count(Bell.id)))


def told(sessions: Sessions) -> list[str]:
    with sessions.reader() as session:
        return list(session.scalars(select(OutboxRow.payload)))


def is_problem(answer, status: int, code: str) -> bool:
    """Every error looks alike: RFC 9457, with a stable code, in UTF-8."""
    body = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert set(body) - {"errors"} == {"type", "title", "status", "code", "detail"}
    assert body["type"] == f"urn:halqa:problem:{code}"
    return (answer.status_code, body["status"], body["code"]) == (status, status, code)


def test_a_request_is_one_transaction(caller, sessions):
    answer = caller.post("/v1/bells")
    assert (answer.status_code, answer.json["rung"]) == (201, 1)
    assert (bells(sessions), len(told(sessions))) == (1, 1)
    assert caller.get(f"/v1/bells/{answer.json['id']}").json == answer.json


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("surprise", 500, "server.error"),
        ("invalid", 422, "bell.cracked"),
        ("not_identified", 401, "bell.cracked"),
        ("not_allowed", 403, "bell.cracked"),
        ("not_found", 404, "bell.cracked"),
        ("refused", 409, "bell.cracked"),
        ("stale", 409, "bell.cracked"),
        ("changed", 409, "request.stale"),
        ("twice", 409, "request.conflict"),
        ("exhausted", 503, "server.database_away"),
    ],
)
def test_what_goes_wrong_is_a_problem_and_leaves_nothing(caller, sessions, how, status, code):
    assert is_problem(caller.post(f"/v1/break/{how}"), status, code)
    assert (bells(sessions), told(sessions)) == (0, [])
    assert caller.post("/v1/bells").status_code == 201


@on_postgresql
def test_a_connection_lost_on_the_way_is_a_problem_and_leaves_nothing(caller, sessions):
    answer = caller.post("/v1/break/lost")
    assert is_problem(answer, 503, "server.database_away")
    assert bells(sessions) == 0
    assert caller.post("/v1/bells").status_code == 201


def test_a_database_that_is_away_is_told_with_when_to_come_back(tmp_path, postgres_url):
    for url in (f"sqlite:///{tmp_path}/missing/folder.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"):
        app = service.create_app(settings(url))
        caller = Caller(app.test_client(), token_of(Actor(id="a", role=Role.PORTAL)))
        for answer in (caller.post("/v1/bells"), caller.get(f"/v1/bells/{new_id()}")):
            assert is_problem(answer, 503, "server.database_away")
            assert answer.headers["Retry-After"] == "5"
        assert caller.get("/health/live").status_code == 200
        assert caller.get("/health/ready").status_code == 503
        app.sessions.engine.dispose()


@on_sqlite
def test_a_surprise_is_noted_here_and_not_told_there(caller, caplog):
    answer = caller.post("/v1/break/surprise")
    assert "password" not in answer.text
    assert "a password, and the road to it" in caplog.text


@on_sqlite
def test_an_error_of_the_database_does_not_write_values_into_the_log(caller, sessions, caplog):
    with sessions.engine.begin() as connection:
        connection.execute(text("DROP TABLE bell"))
    assert caller.post("/v1/bells").status_code == 500
    assert "INSERT INTO" in caplog.text
    assert "hidden due to hide_parameters" in caplog.text


@on_sqlite
def test_a_refusal_names_fields_lines_and_values(caller):
    assert caller.post("/v1/break/invalid").json["errors"] == [
        {"code": "bell.no_code", "reason": "bell.no_code", "field": "code", "line": 3, "value": "x"},
        {"code": "field.required", "reason": "Ce champ est obligatoire."},
    ]


@on_sqlite
def test_a_401_says_how_to_identify(caller):
    assert caller.post("/v1/break/not_identified").headers["WWW-Authenticate"] == 'Bearer realm="halqa"'


@on_sqlite
@pytest.mark.parametrize("path", ["/nothing", "/v1/nothing", "/v1/bells/7", "/v1/bells/", "/v1/%00", "/docs/assets/no"])
def test_what_is_not_there_is_a_404(caller, path):
    assert is_problem(caller.get(path), 404, "request.not_found")


@on_sqlite
def test_a_wrong_method_is_a_405_that_names_the_right_ones(caller):
    answer = caller.client.delete("/v1/bells")
    assert is_problem(answer, 405, "request.method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@on_sqlite
def test_too_large_a_body_is_a_413(caller):
    answer = caller.post("/v1/bells", data=b"a" * (LARGEST_JSON + 1), headers={"Idempotency-Key": "k"})
    assert answer.status_code == 413 and answer.content_type == "application/problem+json"


@on_sqlite
@pytest.mark.parametrize("given", ["0af7651916cd43dd8448eb211c80319c", "a", "a.b:c-d_e", "x" * 128])
def test_a_correlation_id_is_kept_returned_and_carried_on(caller, sessions, given):
    answer = caller.post("/v1/bells", headers={"Correlation-Id": given})
    assert answer.headers["Correlation-Id"] == given
    assert [decode(payload).correlationid for payload in told(sessions)] == [given]


@on_sqlite
@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "a;b", "<script>", "{}"])
def test_a_strange_correlation_id_is_replaced(caller, sessions, given):
    answer = caller.post("/v1/bells", headers={"Correlation-Id": given})
    made = answer.headers["Correlation-Id"]
    assert UUID(made).version == 7
    assert [decode(payload).correlationid for payload in told(sessions)] == [made]


@on_sqlite
def test_each_answer_has_a_correlation_id_errors_and_public_ones_too(caller):
    answers = [caller.get("/v1/public"), caller.get("/nothing"), caller.post("/v1/break/surprise")]
    ids = {answer.headers["Correlation-Id"] for answer in answers}
    assert len(ids) == 3 and all(UUID(made) for made in ids)
