"""On the wire a mail is plain ASCII in short lines, and reads back as it was written."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from uuid import uuid4

import pytest

from notifications.delivery import mime
from notifications.letters import EVENTS, LETTERS, Rendered
from notifications.messages.model import Message
from shared.events import declared

SENDER = '"Halqa, جماعة" <halqa@ministere.example>'
ARABIC = "اختاركم زملاؤكم لتنشيط جماعة الممارسات المهنية «أرز أزرو» ابتداء من يوم الخميس 5 مارس 2026 "
FRENCH = 'Accueillir, "ensemble", les élèves\u00a0: écoles d’Azrou et d’Aïn Leuh, à la rentrée '


def written(**more) -> Message:
    content = more.pop("content", Rendered(more.pop("subject", "Bonjour"), "Bonjour.", "<p>Bonjour.</p>"))
    who = {"principal_id": uuid4(), "language": "fr", "to_name": "Khadija", "to_address": "k@ecole.example"}
    about = {"event_id": uuid4(), "kind": "member_joined", "domain": "halqa.example", "now": datetime.now(UTC)}
    return Message.write(content, **about | who | more)


def read_back(mail, header: str) -> str:
    """As RFC 2047 has it read, by the older and stricter of the library's two readers."""
    return str(make_header(decode_header(message_from_bytes(mail.as_bytes())[header])))


@pytest.mark.parametrize("text", [ARABIC, FRENCH, ARABIC + FRENCH, FRENCH + ARABIC])
def test_subjects_and_names_of_any_length_survive_folding(text):
    for length in range(1, len(text)):
        message = written(subject=text[:length], to_name=text[:length])
        mail = mime.build(message, SENDER)
        assert read_back(mail, "Subject") == message.subject
        name, address = parseaddr(message_from_bytes(mail.as_bytes())["To"])
        assert (str(make_header(decode_header(name))), address) == (message.to_name, "k@ecole.example")


@pytest.mark.parametrize(
    "subject", ["Bonjour\r\nBcc: all@ecole.example", "Bonjour\nBcc: all@ecole.example", "أهلا\r\n\r\nBcc:"]
)
def test_no_header_can_be_slipped_in(subject):
    mail = message_from_bytes(mime.build(written(subject=subject, to_name=subject), SENDER).as_bytes())
    ours = {"Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "Halqa-Kind"}
    assert sorted(mail.keys()) == sorted(ours | {"Content-Language", "Content-Type", "MIME-Version"})


def test_even_a_message_made_otherwise_adds_no_header():
    message = written()
    message.subject = message.to_name = "Bonjour\r\nBcc: all@ecole.example"
    mail = message_from_bytes(mime.build(message, SENDER).as_bytes())
    assert mail["Bcc"] is None


@pytest.mark.parametrize("wire_type", [event.wire_type for event in EVENTS])
def test_every_line_is_short_and_plain(wire_type, story, settings):
    event = story.every_letter()[declared[wire_type]]
    more = {"meetings": [None], "membership": []}.get(wire_type.split(".")[0], [])
    if wire_type.split(".")[1].startswith(("coordinator", "join_requested")):
        more = [story.known(story.zineb)]
    if wire_type.startswith("meetings.minutes"):
        more = []
    of_no_community = ("membership.archive", "membership.principal_transferred")
    about = [] if wire_type.startswith(of_no_community) else [story.known_community]
    letter = next(row for row in LETTERS if row.event is type(event)).letter(event, *about, *more)
    for principal in story.principals:
        message = written(content=letter.render(story.known(principal), settings), language=principal.language)
        wire = mime.build(message, SENDER).as_bytes()
        assert wire.isascii()
        lines = [line for line in wire.split(b"\r\n") if not line.startswith(b"List-Unsubscribe: ")]
        assert max(map(len, lines)) <= 100  # a program reads the one line left out, and an address cannot be folded
