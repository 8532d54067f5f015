"""A message goes only where its lifecycle lets it, and what it becomes is told."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from notifications.letters import Rendered
from notifications.messages.model import LIFECYCLE, RETRY_AFTER, Message, MessageState
from shared.domain.refusals import Refused
from shared.events import MessageFailed

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
S = MessageState
MOVES = {
    S.SENDING: lambda message: message.start_sending(NOW),
    S.SENT: lambda message: message.sent(NOW),
    S.FAILED: lambda message: message.failed("550 no such user"),
    S.QUEUED: lambda message: message.interrupted_sending(NOW),
    S.WITHDRAWN: lambda message: message.withdraw(),
}


def written(**more) -> Message:
    who = {"principal_id": uuid4(), "language": "fr", "to_name": "Khadija", "to_address": "k@ecole.example"}
    content = Rendered(more.pop("subject", "Bonjour"), "Bonjour.\n", "<p>Bonjour.</p>")
    about = {"event_id": uuid4(), "kind": "member_joined", "domain": "halqa.example", "now": NOW}
    return Message.write(content, **who | about | more)


def sending(**more) -> Message:
    message = written(**more)
    message.start_sending(NOW)
    return message


def test_a_message_is_due_at_once_under_a_mail_id_of_its_own():
    message = written()
    assert (message.state, message.next_at, message.attempts, message.interrupted) == (S.QUEUED, NOW, 0, 0)
    assert message.mail_id == f"<{message.id}@halqa.example>"


@pytest.mark.parametrize(("start", "end"), list(product(S, S)))
def test_a_message_moves_only_along_its_lifecycle(start, end):
    message = written()
    message.state = start
    if end in LIFECYCLE[start]:
        MOVES[end](message)
        assert message.state == end
    else:
        with pytest.raises(Refused, match=r"message\.wrong_state"):
            MOVES[end](message)
        assert (message.state, message.recorded) == (start, [])


def test_sent_is_the_end_of_it():
    message = sending()
    message.sent(NOW)
    assert (message.state, message.sent_at, message.error, message.recorded) == (S.SENT, NOW, None, [])


def test_a_refused_message_is_told_without_its_address():
    message = sending()
    message.failed("550 no such user")
    about = {"message_id": message.id, "principal_id": message.principal_id}
    assert message.recorded == [MessageFailed(**about, kind="member_joined")]
    assert message.error == "550 no such user"


def test_a_message_put_off_waits_longer_each_time_and_is_given_up_in_the_end():
    message, waits = sending(), []
    while message.state != S.FAILED:
        message.deferred("451 later", NOW)
        if message.state == S.QUEUED:
            waits.append(message.next_at - NOW)
            message.start_sending(NOW)
    assert tuple(waits) == RETRY_AFTER
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 5, 15, 60)]
    assert len(message.recorded) == 1


def test_a_message_whose_sender_ended_is_sent_again_at_once_but_not_for_ever_first():
    message = sending()
    message.interrupted_sending(NOW)
    assert (message.interrupted, message.next_at) == (1, NOW)
    message.start_sending(NOW)
    message.interrupted_sending(NOW)
    assert (message.interrupted, message.next_at) == (2, NOW + timedelta(minutes=1))


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_nothing_that_reaches_a_header_has_a_second_line(line_break):
    hostile = f"Bonjour{line_break}Bcc: everyone@ecole.example"
    message = written(subject=hostile, to_name=hostile, to_address=hostile)
    for value in (message.subject, message.to_name, message.to_address):
        assert value == "Bonjour Bcc: everyone@ecole.example"


def test_what_a_server_said_is_kept_in_short():
    message = sending()
    message.failed("550 " + "no\n" * 1000)
    assert len(message.error) == 500
    assert "\n" not in message.error
