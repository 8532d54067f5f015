"""Links in mails: what is signed is believed, by one service, until its time; secrets can change meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from linking import link_to

from shared.domain.links import RevokedLinks, is_revoked, revoke
from shared.running.settings import LinkSettings, MissingSettings
from shared.web.links import BadLink, Signer

OLD, NEW = "the secret of last year, long enough", "the secret of this year, long enough"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINK = link_to("answer_invitation", uuid4(), uuid4(), issued_at=NOW, expires_at=NOW + timedelta(hours=1))
RIGHT = {"HALQA_DATABASE_URL": "sqlite:///a.db", "HALQA_ISSUER": "https://issuer.example", "HALQA_LINK_SECRET": NEW}


def test_what_was_signed_is_read_back_whole():
    word = Signer(NEW).sign("meetings", LINK)
    assert Signer(NEW).read("meetings", word, NOW) == LINK


def test_a_link_ends_when_its_time_has_come():
    word = Signer(NEW).sign("meetings", LINK)
    assert Signer(NEW).read("meetings", word, LINK.expires_at - timedelta(milliseconds=1)) == LINK
    with pytest.raises(BadLink):
        Signer(NEW).read("meetings", word, LINK.expires_at)


def test_a_link_is_believed_by_the_service_it_was_made_for_alone():
    word = Signer(NEW).sign("meetings", LINK)
    for other in ("membership", "notifications", "meeting", ""):
        with pytest.raises(BadLink):
            Signer(NEW).read(other, word, NOW)


def test_no_letter_of_a_link_can_be_changed():
    word = Signer(NEW).sign("meetings", LINK)
    for place, letter in enumerate(word[:-1]):  # of the last letter, some bits mean nothing
        changed = word[:place] + ("A" if letter != "A" else "B") + word[place + 1 :]
        with pytest.raises(BadLink):
            Signer(NEW).read("meetings", changed, NOW)


def test_a_secret_can_be_changed_while_mails_lie_unread():
    before, during, after = Signer(OLD), Signer(NEW, previous=OLD), Signer(NEW)
    assert during.read("meetings", before.sign("meetings", LINK), NOW) == LINK
    assert after.read("meetings", during.sign("meetings", LINK), NOW) == LINK  # the new one signs
    with pytest.raises(BadLink):
        after.read("meetings", before.sign("meetings", LINK), NOW)


def test_a_link_names_nobody_and_is_short_enough_for_a_mail():
    assert len(Signer(NEW).sign("meetings", LINK)) < 260


@pytest.fixture
def session(drive):
    from membership.app import service

    with drive(service).sessions.transaction() as session:
        yield session


def test_links_issued_until_they_were_taken_back_are_void_and_later_ones_are_not(session):
    revoke(session, LINK.person_id, NOW)
    assert is_revoked(session, LINK)
    assert is_revoked(session, replace(LINK, issued_at=NOW - timedelta(days=300)))
    assert not is_revoked(session, replace(LINK, issued_at=NOW + timedelta(milliseconds=1)))
    assert not is_revoked(session, replace(LINK, person_id=uuid4()))


def test_news_that_comes_late_gives_no_link_back(session):
    revoke(session, LINK.person_id, NOW)
    revoke(session, LINK.person_id, NOW - timedelta(days=1))
    assert session.get_one(RevokedLinks, LINK.person_id).revoked_at == NOW
    assert is_revoked(session, LINK)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"HALQA_LINK_SECRET": ""}, "HALQA_LINK_SECRET is not set"),
        ({"HALQA_LINK_SECRET": "short"}, "HALQA_LINK_SECRET is shorter than 32"),
        ({"HALQA_PREVIOUS_LINK_SECRET": "short"}, "HALQA_PREVIOUS_LINK_SECRET is shorter than 32"),
    ],
)
def test_a_secret_that_can_be_guessed_stops_the_start(wrong, named):
    assert LinkSettings.read(RIGHT).link_secret == NEW
    with pytest.raises(MissingSettings, match=named):
        LinkSettings.read(RIGHT | wrong)


def test_guessing_links_has_its_limit(drive):
    from membership.app import service

    client = drive(service, rate_limit="2/hour").app.test_client()
    assert [client.get(f"/v1/links/guess{number}").status_code for number in range(3)] == [410, 410, 429]
