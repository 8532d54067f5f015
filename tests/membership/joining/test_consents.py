"""Consents: recorded with the yes, shown to their person, withdrawn with the leaving; history is never overwritten."""

from datetime import date

import pytest
from sqlalchemy import select

from membership.communities.model.community import Community
from membership.joining.model.consent_texts import ATTITUDES, CONSENT_TEXTS, CURRENT_VERSION
from membership.joining.model.membership import Membership
from shared.domain.actor import Role
from shared.events import MemberJoined, MemberLeft

MINE = "/v1/me/consents"


@pytest.fixture
def circle(province):
    circle = province.circle(1)
    circle.joins()
    return circle


def consents(caller) -> list[dict]:
    return caller.get(MINE).json["items"]


def withdraw(caller, consent: dict):
    return caller.post(f"{MINE}/{consent['id']}/withdraw")


def test_a_yes_is_kept_as_a_consent_in_the_words_that_were_shown(circle):
    (consent,) = consents(circle.member(1))
    assert consent["community_id"] == str(circle.community_id)
    assert (consent["purpose"], consent["state"], consent["channel"]) == ("participation", "given", "portal")
    assert (consent["text_version"], consent["withdrawn_at"]) == (CURRENT_VERSION, None)
    assert consent["given_at"].endswith("+00:00")


def test_to_withdraw_it_is_to_leave(province, circle):
    member = circle.member(1)
    answer = withdraw(member, consents(member)[0])
    assert (answer.status_code, answer.json["state"]) == (200, "withdrawn")
    assert answer.json["withdrawn_at"]
    (left,) = province.driven.told(MemberLeft)
    assert left.principal_id == circle.member_ids[1]
    with province.driven.sessions.reader() as session:
        mine = Membership.principal_id == circle.member_ids[1]
        assert session.scalars(select(Membership).where(mine)).one().state == "left"


def test_a_coordinator_who_withdraws_coordinates_no_more(province, circle):
    coordinator = circle.member_ids[1]
    with province.driven.sessions.transaction() as session:
        community = session.get_one(Community, circle.community_id)
        community.is_coordinated_by(coordinator, date(2030, 1, 1))
    assert withdraw(circle.member(1), consents(circle.member(1))[0]).status_code == 200
    assert province.officer.get(circle.path).json["coordinator_id"] is None


def test_to_leave_is_to_withdraw_it(circle):
    member = circle.member(1)
    assert member.post(f"{circle.path}/leave").status_code == 200
    assert [consent["state"] for consent in consents(member)] == ["withdrawn"]


def test_who_consents_again_gives_a_new_consent_beside_the_old(province, circle):
    member = circle.member(1)
    first = consents(member)[0]
    withdraw(member, first)
    province.invite(circle.path, circle.member_ids[1])
    member.post(f"{circle.path}/invitations/accept", {"attitudes": list(ATTITUDES)})
    assert [consent["state"] for consent in consents(member)] == ["withdrawn", "given"]
    assert len(province.driven.told(MemberJoined)) == 3

    again = withdraw(member, first)
    assert (again.status_code, again.json["code"]) == (409, "consent.wrong_state")
    assert [consent["state"] for consent in consents(member)] == ["withdrawn", "given"]


def test_a_consent_is_its_persons_alone(province, circle):
    (consent,) = consents(circle.member(1))
    for caller in (circle.member(0), *province.outsiders, province.officer, province.ministry):
        assert withdraw(caller, consent).status_code == 404
    assert consents(circle.member(0)) == []
    assert province.officer.get(MINE).status_code == 403
    assert [one["state"] for one in consents(circle.member(1))] == ["given"]


def test_a_yes_to_words_that_never_were_is_no_consent(province):
    circle = province.circle(1)
    (person,) = province.people(1)
    province.invite(circle.path, person)
    wish = {"attitudes": list(ATTITUDES), "text_version": "1999-1"}
    assert province.principal(person).post(f"{circle.path}/invitations/accept", wish).status_code == 422


def test_everybody_can_read_what_is_consented_to_in_both_languages(province):
    for role in Role:
        shown = province.driven.call(role).get("/v1/consent-texts").json["items"]
        assert [text["version"] for text in shown] == [text.version for text in CONSENT_TEXTS]
    today = shown[-1]
    assert tuple(attitude["name"] for attitude in today["attitudes"]) == ATTITUDES
    assert all(all(attitude.values()) for attitude in today["attitudes"])
    assert (today["intro_fr"][:16], today["intro_ar"][:8]) == ("La participation", "المشاركة")
