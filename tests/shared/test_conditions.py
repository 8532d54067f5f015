"""Who changes a thing says which edition they have seen; who has an edition is not sent it again."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin
from uuid import UUID, uuid4

import pytest
from bells import Bell, BellRung, on_postgresql, on_sqlite, service_with, settings
from flask import Flask, g
from marshmallow import fields

from shared.domain.actor import Actor, Role
from shared.domain.preconditions import demand_seen
from shared.events import decode, decode_data
from shared.messaging.outbox import OutboxRow
from shared.testing.harness import Caller
from shared.testing.issuer import token
from shared.web.conditions import conditional
from shared.web.resources import Blueprint, Thing

tower = Blueprint("tower", __name__)
loaded: list[threading.Barrier] = []


class BellSchema(Thing):
    address = "/v1/bells/{id}"

    id = fields.UUID()
    rung = fields.Integer()


@tower.post("/v1/bells")
@tower.response(201, BellSchema)
def hang_bell():
    bell = Bell.hang()
    g.session.add(bell)
    return bell


@tower.get("/v1/bells/<uuid:bell_id>")
@tower.response(200, BellSchema)
def show_bell(bell_id: UUID):
    return g.session.get_one(Bell, bell_id)


@tower.post("/v1/bells/<uuid:bell_id>/ring")
@conditional
@tower.response(200, BellSchema)
def ring_bell(bell_id: UUID):
    bell = g.session.get_one(Bell, bell_id)
    for barrier in loaded:
        barrier.wait(timeout=20)
    demand_seen(g.session, bell)
    bell.ring()
    return bell


@tower.post("/v1/bells/<uuid:bell_id>/touch")
@tower.response(200, BellSchema)
def touch_bell(bell_id: UUID):
    bell = g.session.get_one(Bell, bell_id)
    bell.ring()
    return bell


@tower.post("/v1/bells/<uuid:bell_id>/forget")
@conditional
@tower.response(200, BellSchema)
def ring_without_looking(bell_id: UUID):
    bell = g.session.get_one(Bell, bell_id)
    bell.ring()
    return bell


service = service_with(tower)


@pytest.fixture
def app(database_url, sessions) -> Iterator[Flask]:
    app = service.create_app(settings(database_url))
    yield app
    loaded.clear()
    app.sessions.engine.dispose()


@pytest.fixture
def caller(app) -> Caller:
    return Caller(app.test_client(), token(Actor(id=str(uuid4()), role=Role.PRINCIPAL)))


@pytest.fixture
def bell(caller) -> str:
    return f"/v1/bells/{caller.post('/v1/bells').json['id']}"


def rings(sessions) -> int:
    with sessions.reader() as session:
        told = [decode_data(decode(row.payload)) for row in session.query(OutboxRow)]
        return sum(isinstance(event, BellRung) for event in told)


def test_the_edition_is_the_same_when_changed_and_when_read(caller, bell):
    seen = caller.get(bell)
    assert (seen.headers["ETag"], seen.headers["Cache-Control"]) == ('"1"', "private, no-cache")
    rung = caller.post(f"{bell}/ring", seen=seen)
    assert (rung.status_code, rung.headers["ETag"], rung.json["rung"]) == (200, '"2"', 1)
    assert caller.get(bell).headers["ETag"] == '"2"'


@on_sqlite
def test_a_change_names_what_was_seen(caller, bell, sessions):
    answers = [
        caller.post(f"{bell}/ring"),
        *[caller.post(f"{bell}/ring", headers={"If-Match": given}) for given in ('"0"', '"1x"', '"7", "8"', "x")],
        caller.post(f"{bell}/ring", headers={"If-None-Match": "*"}),
    ]
    assert [answer.status_code for answer in answers] == [428, 412, 412, 412, 412, 412]
    assert {answer.json["code"] for answer in answers} == {
        "request.precondition_required",
        "request.precondition_failed",
    }
    assert rings(sessions) == 0
    taken = [caller.post(f"{bell}/ring", headers={"If-Match": given}) for given in ('"1"', '"7", "2"', "*", 'W/"4"')]
    assert [answer.status_code for answer in taken] == [200] * 4


@on_sqlite
def test_who_has_it_is_not_sent_it_again(caller, bell):
    for given in ('"1"', '"0", "1"', 'W/"1"', "*"):
        answer = caller.get(bell, headers={"If-None-Match": given})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", '"1"')
    assert caller.get(bell, headers={"If-None-Match": '"0"'}).json["rung"] == 0


@on_postgresql
def test_of_two_who_change_it_at_once_the_second_is_told_412_and_nothing_is_lost(caller, bell, sessions):
    seen = caller.get(bell)
    loaded.append(threading.Barrier(2))
    with ThreadPoolExecutor(2) as crew:
        answers = [crew.submit(caller.post, f"{bell}/ring", seen=seen) for _ in range(2)]
        statuses = sorted(answer.result().status_code for answer in answers)
    loaded.clear()
    assert statuses == [200, 412]
    assert (caller.get(bell).json["rung"], rings(sessions)) == (1, 1)


@on_sqlite
def test_a_condition_that_nobody_looks_at_is_not_met(caller, bell, sessions):
    assert caller.post(f"{bell}/touch", headers={"If-Match": '"1"'}).status_code == 412
    assert rings(sessions) == 0
    assert caller.post(f"{bell}/touch").status_code == 200


@on_sqlite
def test_a_view_that_promised_to_look_and_did_not_is_broken(caller, bell, sessions, caplog):
    assert caller.post(f"{bell}/forget", headers={"If-Match": '"1"'}).status_code == 500
    assert "without `demand_seen`" in caplog.text
    assert rings(sessions) == 0


@on_sqlite
def test_what_was_made_can_be_read_where_the_answer_says(caller):
    made = caller.post("/v1/bells")
    for origin in ("http://127.0.0.1:8101", "https://halqa.example/bells"):
        there = urljoin(f"{origin}/v1/bells", made.headers["Location"])
        assert there == f"{origin}/v1/bells/{made.json['id']}"


@on_sqlite
def test_who_prefers_the_minimum_is_not_shown_the_thing(caller, bell):
    made = caller.post("/v1/bells", headers={"Prefer": "return=minimal"})
    assert (made.status_code, made.data, made.headers["ETag"]) == (201, b"", '"1"')
    assert made.headers["Preference-Applied"] == "return=minimal" and "Location" in made.headers
    for wish in ("return=minimal", 'respond-async, Return="Minimal"', "return = minimal; x=1"):
        answer = caller.post(f"{bell}/touch", headers={"Prefer": wish})
        assert (answer.status_code, answer.data, "Content-Type" in answer.headers) == (204, b"", False)
    for wish in ("return=representation", "", "return=minimalist", "minimal"):
        assert caller.post(f"{bell}/touch", headers={"Prefer": wish}).json["rung"] > 3
    assert caller.get(bell, headers={"Prefer": "return=minimal"}).json["rung"] == 7


@on_sqlite
def test_a_repeat_tells_the_same_edition_and_the_same_address(caller):
    first, again = (caller.post("/v1/bells", headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == again.headers[name]


@on_sqlite
def test_a_repeat_is_not_measured_against_what_it_has_changed_itself(caller, bell):
    seen = caller.get(bell)
    answers = [caller.post(f"{bell}/ring", seen=seen, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [(answer.status_code, answer.json["rung"]) for answer in answers] == [(200, 1)] * 2
