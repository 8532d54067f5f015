"""The links in an invitation: say yes after the six attitudes, or no, without a login; taken back at any time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from linking import Page, bad_paths, is_gone, link_to, path_of
from sqlalchemy import select

from membership.joining.model.consent import Consent
from membership.joining.model.membership import Membership
from shared.domain.links import is_revoked
from shared.events import InvitationDeclined, LinksRevoked, MemberJoined, PrincipalErased


@pytest.fixture
def invited(province):
    """Somebody asked to join a community, and that community's id."""
    (person,) = province.people(1)
    community = province.plan()
    province.invite(community, person)
    return person, UUID(community.rpartition("/")[2])


@pytest.fixture
def browser(province):
    return province.driven.app.test_client()


def accept(invited, **more):
    return path_of("membership", link_to("accept_invitation", *invited, **more))


def decline(invited):
    return path_of("membership", link_to("decline_invitation", *invited))


def stands(province, person) -> list[tuple[str, str | None]]:
    """Of each community that asked: how it stands, and by which way the answer came."""
    with province.driven.sessions.reader() as session:
        rows = session.execute(select(Membership.state, Membership.channel).where(Membership.principal_id == person))
        return sorted(tuple(row) for row in rows)


def test_the_yes_is_asked_for_after_the_six_attitudes_in_both_languages(invited, browser):
    french, arabic = browser.get(accept(invited)), browser.get(accept(invited, language="ar"))
    assert french.text.count("<li>") == arabic.text.count("<li>") == 6
    assert "entièrement volontaire" in french.text and "مشاركتكم تطوعية تماما" in arabic.text
    assert Page(arabic).direction == "rtl"
    assert [choice.partition(".")[0] for choice in Page(french).choices] == ["accept"]


def test_a_scanner_makes_nobody_a_member(province, invited, browser):
    for path in (accept(invited), decline(invited)):
        for _ in range(25):
            assert browser.get(path).status_code == browser.head(path).status_code == 200
    assert stands(province, invited[0]) == [("invited", None)]


def test_the_yes_is_recorded_with_its_channel_and_what_was_consented_to(province, invited, browser):
    (choice,) = Page(browser.get(accept(invited))).choices
    welcomed = browser.post(accept(invited), data={"choice": choice})
    assert welcomed.status_code == 200 and "Bienvenue" in welcomed.text
    assert stands(province, invited[0]) == [("member", "mail")]
    with province.driven.sessions.reader() as session:
        assert session.scalars(select(Consent)).one().text_version == choice.partition(".")[2]


def test_a_yes_posted_twice_is_one_yes(province, invited, browser):
    (choice,) = Page(browser.get(accept(invited))).choices
    for _ in range(3):
        assert browser.post(accept(invited), data={"choice": choice}).status_code == 200
    assert len(province.driven.told(MemberJoined)) == 1


def test_consent_to_another_wording_is_asked_for_anew(province, invited, browser):
    shown = browser.post(accept(invited), data={"choice": "accept.1999-1"})
    assert len(Page(shown).choices) == 1
    assert stands(province, invited[0]) == [("invited", None)]


def test_the_no_is_recorded_and_the_yes_is_then_closed(province, invited, browser):
    said = browser.post(decline(invited), data={"choice": "decline"})
    assert said.status_code == 200 and "Votre réponse est enregistrée" in said.text
    assert browser.post(decline(invited), data={"choice": "decline"}).status_code == 200
    assert len(province.driven.told(InvitationDeclined)) == 1
    assert "Vous avez décliné" in browser.get(accept(invited)).text
    assert Page(browser.get(accept(invited))).choices == []


def test_a_link_to_decline_accepts_nothing(province, invited, browser):
    (choice,) = Page(browser.get(accept(invited))).choices
    assert Page(browser.post(decline(invited), data={"choice": choice})).choices == ["decline"]
    assert stands(province, invited[0]) == [("invited", None)]


def test_what_the_rules_forbid_is_told_in_the_readers_language(province, invited, browser):
    (choice,) = Page(browser.get(accept(invited))).choices
    browser.post(accept(invited), data={"choice": choice})
    second = province.plan()
    province.invite(second, invited[0])
    other = invited[0], UUID(second.rpartition("/")[2])
    refused = browser.post(accept(other, language="ar"), data={"choice": choice})
    assert refused.status_code == 409 and Page(refused).language == "ar"
    assert "membership.has_home" not in refused.text and "problems" not in refused.text
    assert stands(province, invited[0]) == [("invited", None), ("member", "mail")]


def test_a_bad_link_is_gone_whatever_is_wrong_with_it(province, invited, browser):
    for what, path in bad_paths("membership", link_to("accept_invitation", *invited)).items():
        assert is_gone(browser.get(path)), what
        assert is_gone(browser.post(path, data={"choice": "accept.2026-1"})), what
    assert stands(province, invited[0]) == [("invited", None)]


def test_a_principal_takes_back_all_their_links_and_no_others(province, invited, browser):
    other = province.people(1)[0]
    answer = province.principal(invited[0]).post("/v1/me/links/revoke")
    assert answer.status_code == 200
    assert is_gone(browser.get(accept(invited))) and is_gone(browser.get(decline(invited)))
    (told,) = province.driven.told(LinksRevoked)
    assert told.principal_id == invited[0]
    assert told.revoked_at == datetime.fromisoformat(answer.json["revoked_at"])
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert browser.get(accept(invited, issued_at=later)).status_code == 200
    with province.driven.sessions.reader() as session:
        assert not is_revoked(session, link_to("accept_invitation", other, uuid4()))


def test_only_a_principal_known_here_has_links_to_take_back(province):
    for caller in (*province.outsiders, province.officer, province.ministry):
        assert caller.post("/v1/me/links/revoke").status_code in (403, 404)
    assert province.driven.told(LinksRevoked) == []


def test_the_links_of_somebody_erased_are_gone(province, invited, browser):
    erased = province.principal(invited[0]).post(
        f"/v1/principals/{invited[0]}/erase", {"reason": "own_wish"}, headers={"If-Match": "*"}
    )
    assert erased.status_code in (200, 202, 204), erased.text
    assert len(province.driven.told(PrincipalErased)) == 1
    assert is_gone(browser.get(accept(invited)))
