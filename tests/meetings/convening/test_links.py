"""The link in a convocation: one member says whether they will come, without a login, and nobody else does."""

import base64
import hashlib

import pytest
from linking import Page, bad_paths, count_of, is_gone, link_to, path_of
from sqlalchemy import select

from meetings.app import service
from meetings.convening.model import Invitation
from shared.domain.audit import AuditEntry
from shared.events import InvitationAnswered, LinksRevoked, MemberLeft
from shared.testing.harness import Driven


@pytest.fixture
def asked(circle):
    """A meeting, and the link that its second member got."""
    meeting_id = circle.schedule().rpartition("/")[2]
    return link_to("answer_invitation", circle.member_ids[1], meeting_id)


@pytest.fixture
def browser(circle):
    return circle.driven.app.test_client()


def answers(driven: Driven) -> dict:
    with driven.sessions.reader() as session:
        return {row.principal_id: (row.answer, row.attendance) for row in session.scalars(select(Invitation))}


def test_the_page_shows_the_meeting_and_its_choices(circle, asked, browser):
    shown = browser.get(path_of("meetings", asked))
    page = Page(shown)
    assert (shown.status_code, page.language, page.direction) == (200, "fr", "ltr")
    assert "Evaluer autrement" in shown.text and "Salle 3" in shown.text
    assert page.choices == ["yes_in_person", "yes_remote", "maybe", "no"]
    assert not {"script", "img", "link", "iframe"} & page.tags


def test_the_page_can_do_nothing_and_tells_nobody_where_it_was(asked, browser):
    told = browser.get(path_of("meetings", asked)).headers
    assert told["Referrer-Policy"] == "no-referrer"
    assert told["Cache-Control"] == "no-store"
    assert "noindex" in told["X-Robots-Tag"]
    assert told["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in told["Content-Security-Policy"]


def test_the_one_style_that_may_apply_is_the_one_on_the_page(asked, browser):
    shown = browser.get(path_of("meetings", asked))
    style = shown.text.partition("<style>")[2].partition("</style>")[0].encode()
    assert base64.b64encode(hashlib.sha256(style).digest()).decode() in shown.headers["Content-Security-Policy"]


def test_the_page_speaks_arabic_from_right_to_left(circle, asked, browser):
    link = link_to("answer_invitation", asked.person_id, asked.thing, language="ar")
    shown = browser.get(path_of("meetings", link))
    assert (Page(shown).language, Page(shown).direction) == ("ar", "rtl")
    assert "هل ستحضرون هذا اللقاء؟" in shown.text


def test_a_scanner_that_opens_it_a_hundred_times_changes_nothing(circle, asked, browser):
    before = count_of(circle.driven)
    for _ in range(50):
        assert browser.get(path_of("meetings", asked)).status_code == 200
        assert browser.head(path_of("meetings", asked)).status_code == 200
    assert set(answers(circle.driven).values()) == {(None, None)}
    assert count_of(circle.driven) == before


def test_a_choice_is_an_answer_as_by_the_api_and_the_last_one_counts(circle, asked, browser):
    path = path_of("meetings", asked)
    said = browser.post(path, data={"choice": "yes_remote"})
    assert said.status_code == 200 and "Votre réponse est enregistrée" in said.text
    assert answers(circle.driven)[asked.person_id] == ("yes", "remote")
    browser.post(path, data={"choice": "no"})
    assert answers(circle.driven)[asked.person_id] == ("no", None)
    assert [event.answer for event in circle.driven.told(InvitationAnswered)] == ["yes", "no"]
    assert all(said == (None, None) for who, said in answers(circle.driven).items() if who != asked.person_id)


def test_to_post_twice_is_harmless(circle, asked, browser):
    for _ in range(3):
        assert browser.post(path_of("meetings", asked), data={"choice": "maybe"}).status_code == 200
    assert len(circle.driven.told(InvitationAnswered)) == 1


@pytest.mark.parametrize("sent", [{}, {"choice": "perhaps"}, {"choice": "yes"}, {"List-Unsubscribe": "One-Click"}])
def test_what_is_not_offered_is_not_chosen(circle, asked, browser, sent):
    shown = browser.post(path_of("meetings", asked), data=sent)
    assert shown.status_code == 200 and Page(shown).choices
    assert answers(circle.driven)[asked.person_id] == (None, None)


def test_a_bad_link_is_gone_whatever_is_wrong_with_it(circle, asked, browser):
    pages = set()
    for what, path in bad_paths("meetings", asked).items():
        for answer in (browser.get(path), browser.post(path, data={"choice": "no"})):
            assert is_gone(answer), what
            pages.add((answer.text, tuple(sorted(name for name, _ in answer.headers))))
    assert len(pages) == 1
    assert set(answers(circle.driven).values()) == {(None, None)}


def test_links_that_were_taken_back_are_gone(circle, asked, browser):
    circle.driven.hear(LinksRevoked(principal_id=asked.person_id, revoked_at=asked.issued_at))
    assert is_gone(browser.get(path_of("meetings", asked)))
    assert is_gone(browser.post(path_of("meetings", asked), data={"choice": "no"}))
    other = link_to("answer_invitation", circle.member_ids[2], asked.thing)
    assert browser.get(path_of("meetings", other)).status_code == 200


def test_who_has_left_answers_no_more(circle, asked, browser):
    circle.driven.hear(MemberLeft(community_id=circle.community_id, principal_id=asked.person_id))
    assert is_gone(browser.post(path_of("meetings", asked), data={"choice": "no"}))


def test_a_cancelled_meeting_says_so_and_offers_nothing(circle, asked, browser):
    circle.coordinator.post(f"/v1/meetings/{asked.thing}/cancel", {"reason": "Examens"}, headers={"If-Match": "*"})
    shown = browser.post(path_of("meetings", asked), data={"choice": "no"})
    assert shown.status_code == 200 and Page(shown).choices == []
    assert "annulée" in shown.text


def test_what_a_link_did_is_in_the_audit_trail_without_the_link(circle, asked, browser):
    browser.post(path_of("meetings", asked), data={"choice": "no"})
    with circle.driven.sessions.reader() as session:
        written = session.scalars(select(AuditEntry).where(AuditEntry.verb == "answer_invitation")).one()
        assert (written.actor_id, written.thing_kind, written.thing_id) == (
            str(asked.person_id),
            "meeting",
            asked.thing,
        )


def test_no_log_holds_a_link(circle, asked, browser, caplog):
    caplog.set_level("DEBUG")
    browser.post(path_of("meetings", asked), data={"choice": "no"})
    browser.get("/v1/links/forged")
    assert "/v1/links/<word>" in caplog.text
    assert path_of("meetings", asked).rpartition("/")[2] not in caplog.text and "forged" not in caplog.text


def test_a_new_secret_takes_links_of_the_one_before(circle, asked):
    old = "the secret of last year, long enough"
    rotated = service.settings(**vars(circle.driven.settings) | {"previous_link_secret": old})
    browser = service.create_app(rotated).test_client()
    assert browser.get(path_of("meetings", asked, old)).status_code == 200
    assert browser.get(path_of("meetings", asked)).status_code == 200
    assert is_gone(circle.driven.app.test_client().get(path_of("meetings", asked, old)))
    browser.application.sessions.engine.dispose()
