"""Mail leaves once; where nobody knows whether it left, it leaves again under the same Message-ID."""

import shutil
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import icalendar
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update

from notifications.delivery.spool import Spool
from notifications.delivery.transport import Folder, transport_to
from notifications.delivery.workers import BATCH, Sender
from notifications.messages.model import Message, MessageState
from shared.events import MessageFailed
from shared.messaging.leadership import Leadership
from shared.testing.servers import free_port

pytestmark = pytest.mark.both_databases

S = MessageState


@dataclass
class Postbox:
    """A real SMTP server: what it took, and what it says to whom."""

    replies: dict[str, str] = field(default_factory=dict)
    taken: list = field(default_factory=list)
    connections: int = 0
    hangs_up_on: int = 0  # the how-manyth mail it takes without a word

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.replies.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if reply := self.replies.get("MAIL"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if reply := self.replies.get("DATA"):
            return reply
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if len(self.taken) == self.hangs_up_on:
            server.transport.close()
        return "250 taken"

    def sent_to(self, principal):
        return [mail for mail in self.taken if principal.email in mail["To"]]


@pytest.fixture
def postbox():
    box = Postbox()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def sender():
    """Makes senders that lead, one after the other; each gives way when the next is made."""
    with ExitStack() as ending:
        leading: list[Leadership] = []

        def make(driven, transport) -> Sender:
            for leadership in leading:
                leadership.release()
            leading.append(Leadership(driven.sessions.engine, "send_mail"))
            ending.callback(leading[-1].release)
            while not leading[-1].is_mine():
                """PostgreSQL takes a moment to notice that the last one has gone."""
            return Sender(driven.sessions, leading[-1], transport, driven.settings.mail_from)

        yield make


@pytest.fixture
def to_postbox(postbox):
    return transport_to(f"smtp://127.0.0.1:{postbox.port}")


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool")


def states(messages) -> dict[str, MessageState]:
    return {message.to_address.split("@")[0]: message.state for message in messages}


def in_an_hour(driven) -> None:
    """What was put off is due."""
    with driven.sessions.transaction() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(Message).where(Message.state == S.QUEUED).values(next_at=past))


def test_real_mail_arrives_as_it_was_written(informed, story, sender, postbox, to_postbox, written):
    informed.hear(story.scheduled())
    assert sender(informed, to_postbox).step()
    for principal, message in zip(story.principals, in_order(written(informed), story), strict=True):
        (mail,) = postbox.sent_to(principal)
        assert mail["Subject"] == message.subject
        assert mail["To"].addresses[0].addr_spec == principal.email
        assert mail["To"].addresses[0].display_name == message.to_name
        assert (mail["Message-ID"], mail["Content-Language"]) == (message.mail_id, principal.language)
        assert (mail["Auto-Submitted"], mail["Halqa-Kind"]) == ("auto-generated", "meeting_scheduled")
        assert mail["From"] == "Halqa <halqa@localhost>"
        assert mail.get_body(("plain",)).get_content().splitlines() == message.text.splitlines()
        assert mail.get_body(("html",)).get_content().splitlines() == message.html.splitlines()
    assert set(states(written(informed)).values()) == {S.SENT}
    assert postbox.connections == 1


def in_order(messages, story):
    return sorted(messages, key=lambda message: story.ids.index(message.principal_id))


def test_a_convocation_carries_its_calendar_beside_the_text_and_as_a_file(informed, story, sender, postbox, to_postbox):
    informed.hear(story.scheduled())
    sender(informed, to_postbox).step()
    for mail in postbox.taken:
        assert mail.get_content_type() == "multipart/mixed"
        alternative, attached = mail.iter_parts()
        kinds = [part.get_content_type() for part in alternative.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        beside = list(alternative.iter_parts())[-1]
        assert dict(beside["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
        assert attached.get_filename() == "invite.ics"
        for calendar in (beside.get_content().encode(), attached.get_content()):
            (meeting,) = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
            assert meeting["UID"] == f"{story.meeting_id}@halqa"


def test_a_refused_address_fails_its_own_mail_alone(informed, story, sender, postbox, to_postbox, written):
    postbox.replies[story.hassan.email] = "550 no such user"
    informed.hear(story.minutes())
    sender(informed, to_postbox).step()
    assert states(written(informed)) == {"khadija": S.SENT, "hassan": S.FAILED, "zineb": S.SENT, "omar": S.SENT}
    (failed,) = [message for message in written(informed) if message.state is S.FAILED]
    assert failed.error == "550 no such user"
    about = {"message_id": failed.id, "principal_id": story.hassan.principal_id}
    assert informed.told() == [MessageFailed(**about, kind="minutes_published")]


def test_a_busy_mailbox_is_tried_again_later(informed, story, sender, postbox, to_postbox, written):
    postbox.replies[story.hassan.email] = "451 try later"
    informed.hear(story.minutes())
    sending = sender(informed, to_postbox)
    sending.step()
    (waiting,) = [message for message in written(informed) if message.state is S.QUEUED]
    assert (waiting.to_address, waiting.attempts, waiting.error) == (story.hassan.email, 1, "451 try later")
    assert waiting.next_at > datetime.now(UTC) + timedelta(seconds=50)
    assert not sending.step()

    postbox.replies.clear()
    in_an_hour(informed)
    sending.step()
    assert set(states(written(informed)).values()) == {S.SENT}
    assert [mail["Message-ID"] for mail in postbox.sent_to(story.hassan)] == [waiting.mail_id]


def test_a_mail_whose_content_is_refused_fails(informed, story, sender, postbox, to_postbox, written):
    postbox.replies["DATA"] = "554 we do not like it"
    informed.hear(story.minutes(reader_ids=[story.omar.principal_id]))
    sender(informed, to_postbox).step()
    assert states(written(informed)) == {"omar": S.FAILED}


@pytest.mark.parametrize("reply", ["550 we do not know you", "421 closing"])
def test_what_is_wrong_with_the_sender_costs_no_reader_their_mail(
    reply, informed, story, sender, postbox, to_postbox, written
):
    postbox.replies["MAIL"] = reply
    informed.hear(story.minutes())
    sender(informed, to_postbox).step()
    assert set(states(written(informed)).values()) == {S.QUEUED}
    assert informed.told() == []


def test_a_server_that_hangs_up_defers_all_that_remain(informed, story, sender, postbox, to_postbox, written):
    informed.hear(story.minutes())
    third = sorted(written(informed), key=lambda message: message.id)[2]
    postbox.replies[third.to_address] = "421 closing"
    sender(informed, to_postbox).step()
    after = sorted(written(informed), key=lambda message: message.id)
    assert [message.state for message in after] == [S.SENT, S.SENT, S.QUEUED, S.QUEUED]
    assert [(message.attempts, message.interrupted) for message in after] == [(1, 0)] * 4


def test_a_server_that_is_away_defers_all(informed, story, sender, written):
    informed.hear(story.minutes())
    sender(informed, transport_to(f"smtp://127.0.0.1:{free_port()}")).step()
    assert set(states(written(informed)).values()) == {S.QUEUED}
    assert all("does not answer" in message.error for message in written(informed))


def test_a_mail_taken_without_a_word_counts_as_of_unknown_outcome(
    informed, story, sender, postbox, to_postbox, written
):
    postbox.hangs_up_on = 2
    informed.hear(story.minutes())
    sending = sender(informed, to_postbox)
    sending.step()
    told = [(message.state, message.interrupted) for message in written(informed)]
    assert told == [(S.SENT, 0), (S.QUEUED, 1), (S.QUEUED, 0), (S.QUEUED, 0)]
    in_an_hour(informed)
    sending.step()
    assert set(states(written(informed)).values()) == {S.SENT}
    arrived = Counter(mail["Message-ID"] for mail in postbox.taken)
    assert arrived == {message.mail_id: 1 + message.interrupted for message in written(informed)}


@pytest.mark.parametrize("address", ["", "nobody", "two words@ecole.example", "a@b@c", "ali@مدرسة.example"])
def test_what_is_no_address_fails_and_stops_nobody(address, informed, story, sender, spool, written):
    informed.hear(story.minutes())
    with informed.sessions.transaction() as session:
        session.execute(
            update(Message).where(Message.principal_id == story.hassan.principal_id).values(to_address=address)
        )
    sender(informed, Folder(spool)).step()
    assert sorted(message.state for message in written(informed)) == [S.FAILED, S.SENT, S.SENT, S.SENT]


class Killed(BaseException):
    """The process ends here."""


class Killing:
    """A transport whose process is killed right after the nth mail has been taken."""

    def __init__(self, transport, nth: int) -> None:
        self._transport, self._left = transport, nth

    @contextmanager
    def connect(self):
        with self._transport.connect() as line:
            self._line = line
            yield self

    def send(self, id, mail) -> None:
        self._line.send(id, mail)
        self._left -= 1
        if not self._left:
            raise Killed


def test_a_mail_whose_outcome_nobody_knows_is_sent_again_under_its_id(
    informed, story, sender, postbox, to_postbox, written
):
    informed.hear(story.minutes())
    with pytest.raises(Killed):
        sender(informed, Killing(to_postbox, nth=2)).step()
    assert sorted(message.state for message in written(informed)) == [S.SENDING, S.SENDING, S.SENDING, S.SENT]

    sender(informed, to_postbox).step()
    assert set(states(written(informed)).values()) == {S.SENT}
    twice = [mail["Message-ID"] for mail in postbox.taken]
    assert len(twice) == 5
    assert len(set(twice)) == 4
    assert sorted(message.interrupted for message in written(informed)) == [0, 1, 1, 1]


def test_the_same_process_brings_back_what_it_left_too(informed, story, sender, spool, written):
    sending = sender(informed, Killing(Folder(spool), nth=5))
    informed.hear(story.minutes())
    sending.step()
    informed.hear(story.practice())
    with pytest.raises(Killed):
        sending.step()
    assert sending.step()
    assert set(states(written(informed)).values()) == {S.SENT}


def test_who_does_not_lead_sends_nothing(informed, story, sender, spool, written):
    informed.hear(story.minutes())
    sender(informed, Folder(spool)).step()
    informed.hear(story.practice())
    other = Leadership(informed.sessions.engine, "send_mail")
    assert not Sender(informed.sessions, other, Folder(spool), informed.settings.mail_from).step()
    other.release()
    assert sorted(message.state for message in written(informed)) == [*[S.QUEUED] * 4, *[S.SENT] * 4]


class LosesLeadership:
    """Leads for a number of questions."""

    def __init__(self, answers: int) -> None:
        self._left = answers

    def is_mine(self) -> bool:
        self._left -= 1
        return self._left >= 0


def test_who_loses_the_lead_on_the_way_stops_there(informed, story, sender, spool, written):
    informed.hear(story.minutes())
    losing = LosesLeadership(answers=3)
    Sender(informed.sessions, losing, Folder(spool), informed.settings.mail_from).step()
    assert sorted(message.state for message in written(informed)) == [S.SENDING, S.SENDING, S.SENT, S.SENT]
    sender(informed, Folder(spool)).step()
    assert sorted(message.state for message in written(informed)) == [S.SENT] * 4


class Watching:
    """A transport that looks whether the database is left alone meanwhile."""

    def __init__(self, sessions) -> None:
        self._pool, self.checked_out = sessions.engine.pool, []

    @contextmanager
    def connect(self):
        yield self

    def send(self, id, mail) -> None:
        self.checked_out.append(self._pool.checkedout())


def test_no_transaction_is_open_while_the_network_is_spoken_to(informed, story, sender):
    informed.hear(story.minutes())
    watching = Watching(informed.sessions)
    sender(informed, watching).step()
    assert watching.checked_out == [0, 0, 0, 0]


def test_a_mail_that_nobody_can_build_does_not_hold_up_the_others(informed, story, sender, spool, written):
    informed.hear(story.minutes())
    with informed.sessions.transaction() as session:
        broken = update(Message).where(Message.principal_id == story.hassan.principal_id)
        session.execute(broken.values(mail_id="<two\nlines>"))
    sender(informed, Folder(spool)).step()
    assert states(written(informed)) == {"khadija": S.SENT, "hassan": S.QUEUED, "zineb": S.SENT, "omar": S.SENT}


def test_many_are_sent_batch_by_batch(informed, story, sender, postbox, to_postbox, written):
    for _ in range(6):
        informed.hear(story.minutes())
    sending = sender(informed, to_postbox)
    assert [sending.step(), sending.step(), sending.step()] == [True, True, False]
    assert len({mail["Message-ID"] for mail in postbox.taken}) == len(postbox.taken) == 24 > BATCH
    assert postbox.connections == 2


def test_the_spool_holds_each_mail_once_and_whole(informed, story, sender, spool, tmp_path, written):
    informed.hear(story.scheduled())
    with pytest.raises(Killed):
        sender(informed, Killing(Folder(spool), nth=4)).step()
    sender(informed, Folder(spool)).step()
    files = sorted(path.name for path in (tmp_path / "spool").iterdir())
    assert files == sorted(f"{message.id}.eml" for message in written(informed))


def test_a_spool_that_cannot_be_written_defers(informed, story, sender, tmp_path, written):
    (tmp_path / "file").write_text("in the way")
    informed.hear(story.minutes())
    sender(informed, Folder(Spool(tmp_path / "file"))).step()
    assert set(states(written(informed)).values()) == {S.QUEUED}


def test_a_spool_that_was_removed_is_made_again(informed, story, sender, spool, tmp_path, written):
    sending = sender(informed, Folder(spool))
    for _ in range(2):
        informed.hear(story.minutes(reader_ids=[story.omar.principal_id]))
        sending.step()
        assert len(list(Path(tmp_path / "spool").glob("*.eml"))) == 1
        shutil.rmtree(tmp_path / "spool")
