"""Spooled mail can be looked at from this machine alone, and can do nothing to whoever looks."""

from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from notifications.app import service
from notifications.delivery.spool import Spool
from notifications.delivery.transport import Folder
from notifications.delivery.workers import Sender

HOSTILE = "</title><script>alert(1)</script>"


class Leading:
    def is_mine(self) -> bool:
        return True


@pytest.fixture
def spooled(informed, story, tmp_path):
    """Tells events, spools what follows, and gives the client that looks at it."""

    def tell(*told):
        informed.hear(*told)
        sender = Sender(informed.sessions, Leading(), Folder(Spool(tmp_path / "spool")), informed.settings.mail_from)
        while sender.step():
            pass
        return informed.app.test_client()

    return tell


def test_mails_are_listed_newest_first(spooled, story):
    client = spooled(story.scheduled(), story.cancelled())
    listed = client.get("/mail/messages.json").json
    assert len(listed) == 8
    assert [mail["id"] for mail in listed] == sorted((mail["id"] for mail in listed), reverse=True)
    assert listed[0].keys() == {"id", "to", "subject", "language", "at"}
    assert {mail["language"] for mail in listed} == {"fr", "ar"}
    page = client.get("/mail").text
    assert all(f"mail/{mail['id']}" in page for mail in listed)


def test_the_list_is_paged(spooled, story):
    client = spooled(*(story.minutes() for _ in range(13)))
    newest, rest = (client.get(path) for path in ("/mail", "/mail"))
    ids = [mail["id"] for mail in client.get("/mail/messages.json").json]
    rest = client.get(f"/mail?before={ids[49]}")
    assert newest.text.count('class="subject"') == 50
    assert f"mail?before={ids[49]}" in newest.text
    assert rest.text.count('class="subject"') == 2
    assert client.get("/mail?before=x").status_code == 422


def test_a_mail_is_shown_in_all_its_parts(spooled, story):
    client = spooled(story.scheduled(invitee_ids=[story.zineb.principal_id]))
    (mail,) = client.get("/mail/messages.json").json
    shown = client.get(f"/mail/{mail['id']}").text
    for part in (
        "السيدة المديرة المحترمة",
        'dir="rtl"',
        "BEGIN:VCALENDAR",
        "Message-ID",
        "<iframe",
        'sandbox="allow-popups',
    ):
        assert part in shown
    assert "allow-scripts" not in shown
    assert "allow-same-origin" not in shown
    raw = client.get(f"/mail/{mail['id']}.eml")
    assert raw.content_type == "message/rfc822"
    assert message_from_bytes(raw.data, policy=policy.default)["To"] == mail["to"]


def test_what_people_wrote_is_shown_not_run(spooled, story):
    client = spooled(story.cancelled(subject=HOSTILE, place=HOSTILE, reason=HOSTILE))
    listed = client.get("/mail/messages.json").json
    for path in ("/mail", *(f"/mail/{mail['id']}" for mail in listed)):
        answer = client.get(path)
        assert "<script>" not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/mail", "/mail/messages.json", "/mail/{id}", "/mail/{id}.eml"])
@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}),
        ("127.0.0.1", {"X-Forwarded-For": "nonsense"}),
    ],
)
def test_nobody_looks_from_elsewhere(path, address, headers, spooled, story):
    client = spooled(story.minutes(reader_ids=[story.omar.principal_id]))
    (mail,) = client.get("/mail/messages.json").json
    path = path.format(id=mail["id"])
    assert client.get(path).status_code == 200
    assert client.get(path, environ_base={"REMOTE_ADDR": address}, headers=headers).status_code == 404


def test_the_loopback_of_ipv6_is_this_machine_too(spooled):
    assert spooled().get("/mail", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/mail/..%2f..%2fetc%2fpasswd", "/mail/../../etc/passwd", "/mail/%2e%2e", "/mail/x.eml"]
)
def test_nothing_but_mails_can_be_read(path, spooled):
    assert spooled().get(path).status_code == 404


def test_a_mail_that_is_not_there_is_not_found(spooled):
    client = spooled()
    for path in (f"/mail/{uuid4()}", f"/mail/{uuid4()}.eml"):
        assert client.get(path).status_code == 404


def test_an_empty_spool_says_so(spooled):
    client = spooled()
    assert "No mail yet" in client.get("/mail").text
    assert client.get("/mail/messages.json").json == []


def test_there_is_no_page_where_mail_is_really_sent(drive):
    notifications = drive(service, mail_url="smtp://127.0.0.1:2525")
    assert notifications.app.test_client().get("/mail").status_code == 404
