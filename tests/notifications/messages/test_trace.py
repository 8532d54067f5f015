"""A mail, and what is told of it later, belong to the trace of the event that it was written about."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select

from notifications.delivery import mime
from notifications.delivery.transport import transport_to
from notifications.delivery.workers import Sender
from shared.domain.trace import trace_id
from shared.events import decode
from shared.messaging.leadership import Leadership
from shared.messaging.outbox import OutboxRow
from shared.testing.harness import wrap

TRACE = "0af7651916cd43dd8448eb211c80319c"
GIVEN = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def leadership(notifications) -> Iterator[Leadership]:
    leadership = Leadership(notifications.sessions.engine, "send_mail")
    yield leadership
    leadership.release()


def test_a_mail_bears_the_trace_of_its_event(informed, story, written):
    informed.inbox.receive([msgspec.structs.replace(wrap(story.scheduled()), traceparent=GIVEN)])
    mails = [mime.build(message, "Halqa <halqa@example.org>") for message in written(informed)]
    assert {trace_id(mail["Traceparent"]) for mail in mails} == {TRACE}
    assert len(mails) == len(story.ids)


def test_an_event_without_a_trace_leads_to_a_mail_without_one(informed, story, written):
    informed.hear(story.scheduled())
    assert {mime.build(message, "halqa@example.org")["Traceparent"] for message in written(informed)} == {None}


def test_that_a_mail_failed_is_told_in_the_trace_of_its_event(notifications, story, leadership):
    nowhere = replace(story.zineb, email="")
    notifications.hear(nowhere, story.community)
    about = msgspec.structs.replace(wrap(story.joined(nowhere)), traceparent=GIVEN)
    notifications.inbox.receive([about])
    settings = notifications.settings
    Sender(notifications.sessions, leadership, transport_to(settings.mail_url), settings.mail_from).step()
    with notifications.sessions.reader() as session:
        told = decode(session.scalars(select(OutboxRow.payload)).one())
    assert told.type == "notifications.message_failed.v1"
    assert (trace_id(told.traceparent), told.causationid) == (TRACE, str(about.id))
