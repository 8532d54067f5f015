"""What a mail said, and to which address, is kept for a while; that it was written stays."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from notifications.messages import use_cases
from notifications.messages.model import Message, MessageState

pytestmark = pytest.mark.both_databases

NOW = datetime.now(UTC)


def aged(informed, story, written, **states):
    """Four mails, written on different days."""
    informed.hear(story.scheduled())
    messages = written(informed)
    assert len(messages) == 4
    with informed.sessions.transaction() as session:
        for message, (state, days) in zip(messages, states.values(), strict=True):
            old = {"state": state, "written_at": NOW - timedelta(days=days), "error": "550 <a@example.org>: no"}
            session.execute(update(Message).where(Message.id == message.id).values(old))
    return [message.id for message in messages]


def test_only_what_is_over_is_blanked_and_what_waits_is_left(informed, story, written):
    S = MessageState
    ids = aged(informed, story, written, a=(S.SENT, 181), b=(S.FAILED, 200), c=(S.SENT, 179), d=(S.QUEUED, 200))
    for count, most in ((1, 1), (1, 5), (0, 5)):
        with informed.sessions.transaction() as session:
            assert use_cases.blank_mails(session, NOW - timedelta(days=180), most) == count
    messages = {message.id: message for message in written(informed)}
    for id in ids[:2]:
        blank = messages[id]
        said = (blank.to_name, blank.to_address, blank.subject, blank.text, blank.html, blank.calendar, blank.error)
        assert said == ("", "", "", "", "", None, None)
        assert blank.version == 2 and blank.principal_id in story.ids and blank.kind == "meeting_scheduled"
    assert all(messages[id].text and messages[id].to_address for id in ids[2:])
    assert [messages[id].state for id in ids] == [S.SENT, S.FAILED, S.SENT, S.QUEUED]
