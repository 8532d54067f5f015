"""One trace from a request to all that follows: W3C Trace Context, version 00, carried by every event."""

from collections.abc import Iterator

import pytest
from bells import Bell, BellRung, service_with, settings
from flask import g, jsonify
from flask_smorest import Blueprint
from sqlalchemy import select

from shared.domain import trace
from shared.domain.actor import Actor, Role
from shared.domain.correlation import current
from shared.domain.database import Sessions
from shared.events import Envelope, decode
from shared.messaging.outbox import OutboxRow
from shared.messaging.subscriptions import Subscriptions
from shared.testing.harness import Caller
from shared.testing.issuer import token as token_of

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GIVEN = f"00-{TRACE}-{SPAN}-00"
INVALID = {
    "absent": None,
    "empty": "",
    "words": "surprise",
    "a version that cannot be": f"ff-{TRACE}-{SPAN}-01",
    "a version of tomorrow": f"01-{TRACE}-{SPAN}-01",
    "no trace": f"00-{'0' * 32}-{SPAN}-01",
    "no span": f"00-{TRACE}-{'0' * 16}-01",
    "capitals": GIVEN.upper(),
    "one digit short": GIVEN[:-1],
    "more than there is in version 00": f"{GIVEN}-more",
    "two of them": f"{GIVEN},{GIVEN}",
    "a line break": f"{GIVEN}\n",
    "digits of another script": GIVEN.replace("0", "٠"),
}


def test_a_new_trace_is_valid_and_its_own():
    first, second = trace.begin(), trace.begin()
    assert trace.is_valid(first) and trace.is_valid(second)
    assert trace.trace_id(first) != trace.trace_id(second)


def test_a_hop_keeps_trace_and_flags_and_has_a_span_of_its_own():
    version, kept, span, flags = trace.next_hop(GIVEN).split("-")
    assert (version, kept, flags) == ("00", TRACE, "00")
    assert span != SPAN and trace.is_valid(trace.next_hop(GIVEN))


@pytest.mark.parametrize("given", INVALID.values(), ids=INVALID)
def test_what_is_not_valid_is_ignored_and_a_new_trace_begun(given):
    assert not trace.is_valid(given)
    assert trace.trace_id(given) is None
    assert trace.trace_id(trace.next_hop(given)) not in (None, TRACE, "0" * 32)


tower = Blueprint("tower", __name__)


@tower.post("/v1/bells")
def hang_and_ring():
    bell = Bell.hang()
    bell.ring()
    g.session.add(bell)
    return jsonify({})


service = service_with(tower)


@pytest.fixture
def caller(database_url, sessions) -> Iterator[Caller]:
    app = service.create_app(settings(database_url))
    yield Caller(app.test_client(), token_of(Actor(id="a", role=Role.PORTAL)))
    app.sessions.engine.dispose()


def told(sessions: Sessions) -> list[Envelope]:
    with sessions.reader() as session:
        return [decode(payload) for payload in session.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq))]


def test_an_event_belongs_to_the_trace_of_the_request_that_it_followed_from(caller, sessions):
    caller.post("/v1/bells", headers={"traceparent": GIVEN})
    (envelope,) = told(sessions)
    assert trace.trace_id(envelope.traceparent) == TRACE
    assert envelope.traceparent.endswith("-00") and SPAN not in envelope.traceparent


def test_a_request_without_a_trace_begins_one(caller, sessions):
    caller.post("/v1/bells")
    caller.post("/v1/bells", headers={"traceparent": INVALID["no trace"]})
    first, second = [envelope.traceparent for envelope in told(sessions)]
    assert trace.is_valid(first) and trace.is_valid(second)
    assert trace.trace_id(first) != trace.trace_id(second)


def test_what_follows_from_an_event_belongs_to_its_trace(caller, sessions):
    caller.post("/v1/bells", headers={"traceparent": GIVEN, "Correlation-Id": "story"})
    (envelope,), seen = told(sessions), []
    subscriptions = Subscriptions("bells.trace", on={BellRung: lambda _session, _event: seen.append(current.get())})
    with sessions.transaction() as session:
        subscriptions.handle(envelope, session)
    (here,) = seen
    assert (here.id, here.cause, trace.trace_id(here.traceparent)) == ("story", str(envelope.id), TRACE)
    assert here.traceparent != envelope.traceparent
