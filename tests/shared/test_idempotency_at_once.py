"""The same POST many times at once, to a real server: it happens once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import requests
from bells import Bell, service_with, settings
from flask import g
from marshmallow import Schema, fields
from sqlalchemy import func, select

from shared.domain.actor import Actor, Role
from shared.messaging.outbox import OutboxRow
from shared.testing.issuer import token
from shared.testing.serving import served
from shared.web.resources import Blueprint, Thing

AT_ONCE = 10
tower = Blueprint("tower", __name__)


class WishSchema(Schema):
    name = fields.String()


class BellSchema(Thing):
    address = "/v1/bells/{id}"

    id = fields.UUID()
    rung = fields.Integer()


@tower.post("/v1/bells")
@tower.arguments(WishSchema)
@tower.response(201, BellSchema)
def hang_bell(_wish):
    bell = Bell.hang()
    bell.ring()
    g.session.add(bell)
    return bell


service = service_with(tower)


@pytest.fixture
def url(database_url, sessions) -> Iterator[str]:
    app = service.create_app(settings(database_url))
    with served(app) as server:
        yield server.url
    app.sessions.engine.dispose()


def test_ten_at_once_are_one_change_one_event_and_ten_equal_answers(url, sessions):
    ready = threading.Barrier(AT_ONCE)
    headers = {"Authorization": f"Bearer {token(Actor(id=str(uuid4()), role=Role.PRINCIPAL))}", "Idempotency-Key": "k"}

    def post(_number: int) -> requests.Response:
        ready.wait(timeout=20)
        return requests.post(f"{url}/v1/bells", json={"name": "a"}, headers=headers, timeout=30)

    with ThreadPoolExecutor(AT_ONCE) as crew:
        answers = list(crew.map(post, range(AT_ONCE)))
    told = {(a.status_code, a.content, a.headers["ETag"], a.headers["Location"]) for a in answers}
    assert len(told) == 1 and answers[0].status_code == 201
    assert sum(a.headers.get("Idempotent-Replayed") == "true" for a in answers) == AT_ONCE - 1
    with sessions.reader() as session:
        assert session.scalar(select(func.count(Bell.id))) == 1
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1
    other = requests.post(f"{url}/v1/bells", json={"name": "b"}, headers=headers, timeout=30)
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")
