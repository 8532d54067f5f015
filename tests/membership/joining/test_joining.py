"""Joining by one's own wish: asking, being taken in or refused, and what a principal finds by themself."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from peers import code_of, new_community, new_principal

from membership.communities.model.community import Community
from membership.joining.model.consent import Consent
from membership.joining.model.membership import REQUEST_WAITS, Membership
from membership.joining.use_cases import lapse_requests
from membership.organisation.model.organisation import Academy, Delegation
from shared.events import JoinLapsed, JoinRefused, JoinRequested, JoinWithdrawn, MemberJoined

pytestmark = pytest.mark.both_databases

PERSON = new_principal()
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def stored(province, kind):
    with province.driven.sessions.reader() as session:
        found = session.query(kind).all()
        session.expunge_all()
        return {row.community_id: row for row in found}


def ask(province, path, person, attitudes, **more):
    return province.principal(person).post(f"{path}/requests", {"attitudes": attitudes} | more)


def names(page):
    return {item["name_fr"] for item in page.json["items"]}


def test_whoever_asks_is_taken_in_on_the_yes_that_came_with_their_request(province, attitudes):
    path, (person,) = province.plan(name_fr="Rif"), province.people(1)
    assert ask(province, path, person, attitudes[1:]).status_code == 422  # all six were shown, or it is no yes
    asked = ask(province, path, person, attitudes, channel="paper")
    assert (asked.status_code, asked.json["state"], asked.json["circle"]) == (200, "requested", "outer")
    (request,) = province.officer.get(f"{path}/requests").json["items"]
    assert (request["principal_id"], request["name_ar"]) == (str(person), PERSON.name_ar)
    assert province.officer.get(f"{path}/members").json["items"] == []  # who asks is not for every member to see
    assert ask(province, path, person, attitudes).json["code"] == "membership.wrong_state"
    again = province.invite(path, person).json
    assert again == {"invited": [], "already": [str(person)]}
    for caller in (province.principal(person), *province.outsiders):
        assert caller.post(f"{path}/requests/{person}/admit").status_code in (403, 404)
    admitted = province.officer.post(f"{path}/requests/{person}/admit")
    assert (admitted.status_code, admitted.json["state"], admitted.json["channel"]) == (200, "member", "paper")
    assert province.officer.post(f"{path}/requests/{person}/admit").json["code"] == "membership.wrong_state"
    assert province.officer.get(path).json["state"] == "forming"
    (consent,) = stored(province, Consent).values()
    (membership,) = stored(province, Membership).values()
    assert consent.given_at == membership.requested_at < membership.joined_at
    assert [len(province.driven.told(kind)) for kind in (JoinRequested, MemberJoined)] == [1, 1]
    assert len(province.officer.get(f"{path}/members").json["items"]) == 1


def test_a_request_is_refused_with_a_reason_or_taken_back_and_can_be_made_again(province, attitudes):
    path, (person,) = province.plan(), province.people(1)
    caller = province.principal(person)
    assert caller.post(f"{path}/requests/withdraw").status_code == 404
    ask(province, path, person, attitudes)
    assert province.officer.post(f"{path}/requests/{person}/refuse", {}).status_code == 422
    refused = province.officer.post(f"{path}/requests/{person}/refuse", {"reason": "Groupe complet"})
    assert refused.json["state"] == "refused"
    (mine,) = caller.get("/v1/me/communities").json["items"]
    assert (mine["membership"]["refusal_reason"], mine["community"]["id"]) == ("Groupe complet", path.split("/")[-1])
    assert not {"coordinator_id", "mandate_ends_on"} & set(mine["community"])  # who does not belong there is not told
    assert [consent.state for consent in stored(province, Consent).values()] == ["withdrawn"]
    assert ask(province, path, person, attitudes).status_code == 200
    assert caller.get("/v1/me/communities").json["items"][0]["membership"]["refusal_reason"] is None
    assert caller.post(f"{path}/requests/withdraw").json["state"] == "withdrawn"
    assert province.officer.post(f"{path}/requests/{person}/admit").json["code"] == "membership.wrong_state"
    assert province.invite(path, person).json["invited"] == [str(person)]
    assert ask(province, path, person, attitudes).json["code"] == "membership.wrong_state"  # they can say yes
    assert province.driven.told(JoinRefused)[0].reason == "Groupe complet"
    assert len(province.driven.told(JoinWithdrawn)) == 1


def test_who_takes_back_the_consent_given_with_a_request_asks_no_longer(province, attitudes):
    path, (person,) = province.plan(), province.people(1)
    ask(province, path, person, attitudes)
    (consent,) = province.principal(person).get("/v1/me/consents").json["items"]
    assert province.principal(person).post(f"/v1/me/consents/{consent['id']}/withdraw").json["state"] == "withdrawn"
    assert stored(province, Membership).popitem()[1].state == "withdrawn"


def test_nobody_is_admitted_to_a_second_home(province, attitudes):
    home, (person,) = province.circle(1), province.people(1)
    home.joins()
    member = home.member_ids[-1]
    other, thematic = province.plan(), province.plan(is_home=False)
    for path in (other, thematic):
        assert ask(province, path, member, attitudes).status_code == 200  # they may leave the first meanwhile
    assert province.officer.post(f"{other}/requests/{member}/admit").json["code"] == "membership.home_elsewhere"
    assert province.officer.post(f"{thematic}/requests/{member}/admit").status_code == 200
    assert province.principal(member).post(f"{home.path}/leave").status_code == 200
    assert province.officer.post(f"{other}/requests/{member}/admit").status_code == 200
    assert province.principal(person).post(f"{other}/requests/{member}/admit").status_code == 404


def test_a_request_that_nobody_answers_lapses_and_can_be_made_again(province, attitudes):
    path, (person,) = province.plan(), province.people(1)
    ask(province, path, person, attitudes)
    later = datetime.now(UTC) + REQUEST_WAITS + timedelta(minutes=1)
    for at, state in ((later - timedelta(minutes=2), "requested"), (later, "lapsed")):
        with province.driven.sessions.transaction() as session:
            lapse_requests(session, at)
        assert stored(province, Membership).popitem()[1].state == state
    assert stored(province, Consent).popitem()[1].state == "withdrawn"
    (lapsed,) = province.driven.told(JoinLapsed)
    shown = province.principal(person).get("/v1/me/communities").json["items"][0]["membership"]
    assert (shown["state"], datetime.fromisoformat(shown["requested_at"])) == ("lapsed", lapsed.requested_at)
    assert (lapsed.principal_id, lapsed.reason, province.driven.told(JoinWithdrawn)) == (person, "unanswered", [])
    assert ask(province, path, person, attitudes).status_code == 200


def test_delegations_without_an_academy_are_not_near_each_other(province, attitudes):
    (person,) = province.people(1)
    with province.driven.sessions.transaction() as session:
        other = Delegation.register(code="Taza", name_fr="Taza", name_ar="تازة")
        session.add(other)
        session.flush()
        elsewhere = new_community(other.id, is_home=False, is_open=True)
        session.add(elsewhere)
        path = f"/v1/communities/{elsewhere.id}"
    assert ask(province, path, person, attitudes).status_code == 404
    assert province.principal(person).get("/v1/me/neighbourhood").json["items"] == []


def test_what_may_be_asked_lies_in_their_delegation_or_is_open_and_in_their_academy(province, attitudes):
    (person,) = province.people(1)
    caller, nearby = province.principal(person), "/v1/me/neighbourhood"
    with province.driven.sessions.transaction() as session:
        academy = Academy.register(code="12", name_fr="Fès", name_ar="فاس")
        session.add(academy)
        session.flush()
        session.get_one(Delegation, province.delegation_id).correct(academy_id=academy.id)
        other, far = (
            Delegation.register(code=code, name_fr=code, name_ar=code, academy_id=above)
            for code, above in (("Taza", academy.id), ("Agadir", None))
        )
        session.add_all([other, far])
        session.flush()
        session.add_all(
            new_community(delegation.id, name_fr=f"{delegation.name_fr} {name}", **wish)
            for delegation in (other, far)
            for name, wish in {
                "thematic": {"is_home": False},
                "open": {"is_home": False, "is_open": True},
                "home": {"is_open": True},
            }.items()
        )
    ours = province.plan(name_fr="Ours")
    assert names(caller.get(nearby)) == {"Ours", "Taza open"}
    with province.driven.sessions.reader() as session:
        ids = dict(session.query(Community.name_fr, Community.id).all())
    answers = {name: ask(province, f"/v1/communities/{id}", person, attitudes) for name, id in ids.items()}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == {"Ours", "Taza open"}
    missing = ask(province, f"/v1/communities/{person}", person, attitudes)
    assert answers["Taza home"].status_code == missing.status_code == 404
    assert answers["Taza home"].json["code"] == missing.json["code"] == "community.not_found"
    assert names(caller.get(nearby)) == set()  # they have asked
    assert province.principal(uuid4()).get(nearby).json["items"] == []  # nobody known
    caller.post(f"{ours}/requests/withdraw")
    (found,) = caller.get(nearby).json["items"]
    assert set(found) == {
        "id", "delegation_id", "name_fr", "name_ar", "theme_fr", "theme_ar", "is_home", "state", "size"
    }  # fmt: skip
    assert found["size"] == 0


def test_a_community_says_what_it_works_on_and_whom_it_takes(province):
    path = province.plan(is_home=False, theme_fr="Lecture", theme_ar="القراءة")
    wish = {"is_open": True, "theme_fr": "Abandon scolaire"}
    seen = province.officer.get(path)
    assert (seen.json["theme_fr"], seen.json["is_open"]) == ("Lecture", False)
    assert province.officer.put(f"{path}/theme", wish).status_code == 428
    changed = province.officer.put(f"{path}/theme", wish, seen=seen)
    assert (changed.json["theme_fr"], changed.json["theme_ar"], changed.json["is_open"]) == (
        "Abandon scolaire",
        None,
        True,
    )
    assert province.officer.put(f"{path}/theme", wish, seen=seen).status_code == 412


def test_a_request_that_has_lapsed_admits_nobody_even_before_the_clock_says_so():
    community, person = new_community(), new_principal()
    membership = Membership.request(community, person.id, channel="portal", now=NOW)
    late = NOW + REQUEST_WAITS + timedelta(seconds=1)
    assert code_of(lambda: membership.admit(person, now=late)) == "membership.request_lapsed"
    invited = Membership.invite(community, person.id, answer_by=NOW + timedelta(days=9), now=NOW)
    assert code_of(lambda: invited.admit(person, now=NOW)) == "membership.wrong_state"  # there is no yes of theirs
    assert code_of(lambda: membership.accept(person, channel="mail", now=NOW)) == "membership.wrong_state"


def test_who_is_erased_asks_no_longer_and_no_reason_names_them(province, attitudes):
    path, (person, other) = province.plan(), province.people(2, name_fr="Zoubida Amrani")
    for one in (person, other):
        ask(province, path, one, attitudes)
    province.officer.post(f"{path}/requests/{other}/refuse", {"reason": "Zoubida Amrani a parlé pour vous"})
    erased = province.principal(person).post(f"/v1/principals/{person}/erase", {"reason": "own_wish"})
    assert erased.status_code == 200
    with province.driven.sessions.reader() as session:
        found = session.query(Membership.state, Membership.refusal_reason).order_by(Membership.requested_at).all()
    (state, _), (_, reason) = found
    assert state == "withdrawn"
    assert "Zoubida" not in reason
