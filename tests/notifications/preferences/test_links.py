"""No more mail of one kind: by the link in the mail, by the mail program itself, by the portal. Calls always arrive."""

from dataclasses import replace
from email import message_from_bytes
from urllib.parse import urlsplit

import pytest
from linking import Page, bad_paths, is_gone, link_to, path_of

from notifications.delivery import mime
from notifications.letters import MANDATORY, OPTIONAL
from notifications.letters import contents as letters
from shared.domain.actor import Role
from shared.events import LinksRevoked, declared

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def browser(informed):
    return informed.app.test_client()


@pytest.fixture
def path(story):
    return path_of("notifications", link_to("unsubscribe", story.hassan.principal_id, "practice_published"))


def path_in(message) -> str:
    return urlsplit(message.unsubscribe_url).path


def readers(messages, kind) -> set:
    return {message.principal_id for message in messages if message.kind == kind}


def test_every_letter_is_either_mandatory_or_optional():
    told = {wire_type.split(".")[1] for wire_type in declared}
    letters_there_are = {name for name in told if hasattr(letters, name)}
    letters_there_are |= {"confirmation_awaited"}  # the second letter about one event
    assert letters_there_are == {*MANDATORY, *OPTIONAL}
    assert not set(MANDATORY) & set(OPTIONAL)


def test_the_link_in_a_mail_ends_mails_of_that_kind_to_that_reader_alone(informed, story, written, browser):
    informed.hear(story.practice())
    mail = next(message for message in written(informed) if message.principal_id == story.hassan.principal_id)
    assert mail.unsubscribe_url in mail.text and mail.unsubscribe_url in mail.html
    shown = browser.get(path_in(mail))
    assert Page(shown).choices == ["unsubscribe"] and "nouvelles pratiques" in shown.text
    assert "Vous ne recevrez plus" in browser.post(path_in(mail), data={"choice": "unsubscribe"}).text
    before = len(written(informed))
    informed.hear(story.practice(), story.minutes())
    later = written(informed)[before:]
    assert readers(later, "practice_published") == set(story.ids) - {story.hassan.principal_id}
    assert readers(later, "minutes_published") == set(story.ids)


def test_the_mail_program_says_no_for_its_reader_by_one_click(informed, story, written, browser):
    informed.hear(story.practice())
    mail = written(informed)[0]
    wire = message_from_bytes(mime.build(mail, "Halqa <halqa@example.org>").as_bytes())
    assert wire["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
    assert wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for _ in range(2):
        assert browser.post(path_in(mail), data=ONE_CLICK).status_code == 200
    before = len(written(informed))
    informed.hear(story.practice())
    assert mail.principal_id not in readers(written(informed)[before:], "practice_published")


def test_where_a_mailbox_is_read_it_is_offered_as_well(informed, story, written):
    informed.hear(story.practice())
    mail = mime.build(written(informed)[0], "halqa@example.org", unsubscribe_address="stop@example.org")
    ways = message_from_bytes(mail.as_bytes())["List-Unsubscribe"].split(",")
    assert [way.strip()[:8] for way in ways] == ["<http://", "<mailto:"]


def test_a_scanner_unsubscribes_nobody(informed, path, browser, story):
    for _ in range(50):
        assert browser.get(path).status_code == browser.head(path).status_code == 200
    mine = informed.call(Role.PRINCIPAL, id=story.hassan.principal_id).get("/v1/me/unsubscriptions")
    assert mine.json["unsubscriptions"] == []


@pytest.mark.parametrize("kind", ["scheduled", "rescheduled", "cancelled", "elected"])
def test_a_call_offers_no_way_out_and_says_why(informed, story, written, kind):
    informed.hear(getattr(story, kind)())
    for message in written(informed):
        wire = message_from_bytes(mime.build(message, "halqa@example.org").as_bytes())
        assert message.unsubscribe_url is None and wire["List-Unsubscribe"] is None
        why = {"fr": "Ce message ne peut pas être désactivé", "ar": "لا يمكن إيقاف هذه الرسالة"}[message.language]
        assert why in message.text and why in message.html


def test_nobody_can_say_no_to_a_call(informed, story, browser, written):
    forged = path_of("notifications", link_to("unsubscribe", story.hassan.principal_id, "meeting_scheduled"))
    assert browser.post(forged, data=ONE_CLICK).status_code == 409
    hassan = informed.call(Role.PRINCIPAL, id=story.hassan.principal_id)
    assert hassan.put("/v1/me/unsubscriptions/meeting_scheduled").status_code == 409
    informed.hear(story.scheduled())
    assert readers(written(informed), "meeting_scheduled") == set(story.ids)


def test_a_portal_shows_what_one_said_no_to_and_takes_it_back(informed, story, written):
    hassan = informed.call(Role.PRINCIPAL, id=story.hassan.principal_id)
    wish = "/v1/me/unsubscriptions/practice_published"
    first = hassan.put(wish)
    assert first.status_code == 200 and hassan.put(wish).json == first.json
    mine = hassan.get("/v1/me/unsubscriptions").json
    assert [said["kind"] for said in mine["unsubscriptions"]] == ["practice_published"]
    assert "meeting_scheduled" in mine["mandatory"] and "practice_published" in mine["optional"]
    for _ in range(2):
        assert hassan.delete(wish).status_code == 204
    informed.hear(story.practice())
    assert story.hassan.principal_id in readers(written(informed), "practice_published")


def test_an_unknown_kind_and_an_unknown_person_are_not_found(informed, story):
    hassan = informed.call(Role.PRINCIPAL, id=story.hassan.principal_id)
    answer = hassan.put("/v1/me/unsubscriptions/chain_letters")
    assert (answer.status_code, answer.json["code"]) == (404, "unsubscription.unknown_kind")
    assert informed.call(Role.PRINCIPAL).get("/v1/me/unsubscriptions").status_code == 404


def test_a_bad_link_is_gone_whatever_is_wrong_with_it(informed, story, browser):
    good = link_to("unsubscribe", story.hassan.principal_id, "practice_published")
    bad = bad_paths("notifications", good)
    bad.pop("another thing")  # a kind that there is not: shown, and refused when acted upon
    for what, where in bad.items():
        assert is_gone(browser.get(where)), what
        assert is_gone(browser.post(where, data=ONE_CLICK)), what
    assert is_gone(browser.post(path_of("notifications", replace(good, thing="chain_letters")), data=ONE_CLICK))


def test_links_that_were_taken_back_are_gone(informed, story, path, browser):
    link = link_to("unsubscribe", story.hassan.principal_id, "practice_published")
    informed.hear(LinksRevoked(principal_id=story.hassan.principal_id, revoked_at=link.issued_at))
    assert is_gone(browser.post(path_of("notifications", link), data=ONE_CLICK))
