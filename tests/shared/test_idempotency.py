"""Safe repeats: the same key gets the same answer, and the change happens once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from bells import Bell, service_with, settings
from flask import g, jsonify, request
from flask_smorest import Blueprint
from sqlalchemy import func, select

from shared.domain.actor import Actor, Role
from shared.domain.refusals import Refused
from shared.testing.issuer import token as token_of
from shared.web.idempotency import KeptAnswer, forget_old, keeps_no_answer

tower = Blueprint("tower", __name__)
waits: list[Callable[[], None]] = []  # what the view does before it answers


@tower.post("/v1/bells")
def hang_bell():
    bell = Bell.hang()
    g.session.add(bell)
    for wait in waits:
        wait()
    if (request.get_json(silent=True) or {}).get("cracked"):
        raise Refused("bell.cracked")
    response = jsonify(id=str(bell.id), name="جرس")
    response.status_code = 201
    return response


@tower.post("/v1/secrets")
@keeps_no_answer
def hang_bell_in_secret():
    g.session.add(Bell.hang())
    return "", 204


service = service_with(tower)
ME, OTHER = str(uuid4()), str(uuid4())


@pytest.fixture
def app(database_url, sessions):
    app = service.create_app(settings(database_url))
    yield app
    app.sessions.engine.dispose()


@pytest.fixture
def post(app):
    def send(body: object = None, *, key: str | None = "k-1", path: str = "/v1/bells", id=ME, role=Role.PRINCIPAL):
        headers = {"Authorization": f"Bearer {token_of(Actor(id=id, role=role))}"}
        headers |= {} if key is None else {"Idempotency-Key": key}
        return app.test_client().post(path, json=body or {}, headers=headers)

    return send


@pytest.fixture
def before_hanging() -> Iterator[list[Callable[[], None]]]:
    yield waits
    waits.clear()


@pytest.fixture
def count(sessions):
    def count_rows(kind: type = Bell) -> int:
        with sessions.reader() as session:
            return session.scalar(select(func.count()).select_from(kind))

    return count_rows


def test_a_repeat_gets_the_same_answer_and_changes_nothing(post, count):
    first, *repeats = (post() for _ in range(3))
    assert first.status_code == 201 and "Idempotent-Replayed" not in first.headers
    for repeat in repeats:
        assert (repeat.status_code, repeat.data, repeat.content_type) == (201, first.data, first.content_type)
        assert repeat.headers["Idempotent-Replayed"] == "true"
    assert (count(), count(KeptAnswer)) == (1, 1)


def test_without_a_key_each_request_counts(post, count):
    assert post(key=None).json["id"] != post(key=None).json["id"]
    assert (count(), count(KeptAnswer)) == (2, 0)


def test_the_same_key_for_another_request_is_refused(post, count):
    post({"name": "a"})
    for answer in (post({"name": "b"}), post({"name": "a"}, path="/v1/bells?x=1")):
        assert (answer.status_code, answer.json["code"]) == (422, "request.key_reused")
    assert count() == 1


def test_each_caller_has_keys_of_their_own(post, count):
    answers = [post(), post(id=OTHER), post(role=Role.DELEGATION_OFFICER)]
    assert len({answer.json["id"] for answer in answers}) == 3
    assert count() == 3


def test_a_refusal_is_not_kept_and_the_key_may_be_used_again(post, count):
    cracked = [post({"cracked": True}) for _ in range(2)]
    assert [answer.status_code for answer in cracked] == [409, 409]
    assert count(KeptAnswer) == 0
    assert post({"cracked": False}).status_code == 201


def test_a_view_that_keeps_no_answer_leaves_no_trace_of_the_key(post, count):
    assert [post(path="/v1/secrets").status_code for _ in range(2)] == [204, 204]
    assert (count(), count(KeptAnswer)) == (2, 0)


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_must_have_a_sensible_length(post, count, key):
    answer = post(key=key)
    assert (answer.status_code, answer.json["code"]) == (422, "request.bad_idempotency_key")
    assert count() == 0


def test_of_two_at_once_the_second_gets_the_answer_of_the_first(post, count, before_hanging):
    inside, go_on = threading.Event(), threading.Event()

    def linger() -> None:
        inside.set()
        assert go_on.wait(timeout=20)

    before_hanging.append(linger)
    with ThreadPoolExecutor(2) as crew:
        first = crew.submit(post)
        assert inside.wait(timeout=20)
        second = crew.submit(post)
        go_on.set()
        assert first.result().data == second.result().data
    assert second.result().headers["Idempotent-Replayed"] == "true"
    assert count() == 1


def test_answers_are_forgotten_when_their_time_is_over(post, count, sessions):
    post()
    now = datetime.now(UTC)
    for earlier, kept in ((timedelta(minutes=1), 1), (-timedelta(minutes=1), 0)):
        with sessions.transaction() as session:
            forget_old(session, now - earlier, 100)
        assert count(KeptAnswer) == kept
