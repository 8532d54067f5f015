"""A service driven step by step, in the test's own process: called, told, asked what it has told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from shared.domain.actor import Actor, Role
from shared.domain.database import Sessions, new_id
from shared.domain.jobs import Job, JobState
from shared.events import Envelope, decode, decode_data, encode_data, publisher_of
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.leadership import Leadership
from shared.messaging.outbox import OutboxRow
from shared.running.jobs import Worker
from shared.running.service import Service
from shared.running.settings import LinkSettings, Settings

from . import issuer
from .documented import HeldToItsWord

UNHURRIED = {"rate_limit": "off", "rate_limit_changes": "off"}  # tests ask as often as they like
LINK_SECRET = "signs the links of tests, and of nothing else"


@dataclass(frozen=True)
class Caller:
    """Calls a service as one actor; answers are werkzeug's test responses."""

    client: FlaskClient
    token: str

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, headers=self._headers(more), **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        body = {} if "data" in more else {"json": {} if json is None else json}
        return self.client.post(path, headers=self._headers(more), **body, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.client.put(path, headers=self._headers(more), json={} if json is None else json, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.client.delete(path, headers=self._headers(more), **more)

    def change(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """`post` as a portal does it: having read the thing, and saying which edition that was."""
        return self.post(path, json, seen=self.read_thing(path), **more)

    def read_thing(self, path: str) -> TestResponse:
        """What a change of this path changes: itself where it can be read, else the thing above it."""
        answer = self.get(path)
        return self.read_thing(path.rpartition("/")[0]) if answer.status_code == 405 else answer

    def _headers(self, more: dict[str, Any]) -> dict[str, str]:
        """`seen` is an answer whose edition the caller knows; where it told none, nothing is said."""
        seen = more.pop("seen", None)
        condition = {"If-Match": seen.headers["ETag"]} if seen is not None and "ETag" in seen.headers else {}
        return {"Authorization": f"Bearer {self.token}", **condition, **more.pop("headers", {})}


class Driven:
    """`call` is HTTP as somebody, `hear` is an event arriving, `told` is what the outbox holds."""

    def __init__(self, service: Service, database_url: str, **settings: Any) -> None:
        self.service = service
        signs = {"link_secret": LINK_SECRET} if issubclass(service.settings, LinkSettings) else {}
        self.settings: Settings = service.settings(
            database_url=database_url, **{**issuer.settings(), **UNHURRIED, **signs, **settings}
        )
        self.sessions: Sessions = service.sessions(self.settings)
        self.inbox = Inbox(self.sessions, service.subscriptions)

    @cached_property
    def app(self):
        app = self.service.create_app(self.settings)
        app.test_client_class = HeldToItsWord
        return app

    def call(self, role: Role, *, id: UUID | str | None = None, unit_id: UUID | None = None) -> Caller:
        actor = Actor(id=str(id or uuid4()), role=role, unit_id=unit_id)
        return Caller(self.app.test_client(), issuer.token(actor))

    def hear(self, *happened: Any, id: UUID | None = None, key: str | None = None) -> None:
        """Deliver events as the relay would; the same `id` twice is a redelivery. Fails if a handler does."""
        envelopes = [wrap(event, id=id, key=key) for event in happened]
        self.inbox.receive(envelopes)
        with self.sessions.reader() as session:
            ids = [envelope.id for envelope in envelopes]
            rows = session.scalars(select(InboxRow).where(InboxRow.message_id.in_(ids))).all()
            assert all(row.status == "done" for row in rows), [row.error or row.status for row in rows]

    def work(self) -> None:
        """Do all jobs that were asked for. Fails if one does."""
        leadership = Leadership(self.sessions.engine, "jobs")
        try:
            worker = Worker(self.sessions, leadership, self.service.jobs)
            while worker.step():
                pass
        finally:
            leadership.release()
        with self.sessions.reader() as session:
            assert not session.scalars(select(Job.error).where(Job.state == JobState.FAILED)).all()

    def told(self, event_class: type | None = None) -> list[Any]:
        """The events in the outbox, oldest first, all or those of one class."""
        with self.sessions.reader() as session:
            payloads = session.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq)).all()
        events = [decode_data(decode(payload)) for payload in payloads]
        return [event for event in events if event_class is None or isinstance(event, event_class)]

    def close(self) -> None:
        self.sessions.engine.dispose()
        if "app" in self.__dict__:
            self.app.sessions.engine.dispose()


def wrap(event: Any, *, id: UUID | None = None, key: str | None = None) -> Envelope:
    return Envelope(
        specversion="1.0",
        id=id or new_id(),
        type=event.wire_type,
        source=f"/{publisher_of(event.wire_type)}",
        subject="test/1",
        time=datetime.now(UTC),
        partitionkey=key or str(uuid4()),
        sequence="000000000001",
        data=encode_data(event),
    )
