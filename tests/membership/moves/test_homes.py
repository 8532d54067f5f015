"""What becomes of home communities when posts change: left, kept, invited anew, brought back; stays remember it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from movers import Movers, movers_in

from membership.communities.model.community import Community
from membership.joining.queries.stays import home_at
from shared.events import (
    CoordinatorConfirmed,
    InvitationLapsed,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    PrincipalTransferred,
)

MANDATE_ENDS_ON = date(2030, 9, 1)


@pytest.fixture
def movers(province) -> Movers:
    movers = movers_in(province)
    movers.schools("ABCD")
    movers.heads("ABC")
    return movers


def invite(province, home: str, person: UUID) -> None:
    assert province.invite(home, person).status_code == 200


def join(province, home: str, person: UUID, attitudes) -> None:
    invite(province, home, person)
    yes = province.principal(person).post(f"{home}/invitations/accept", {"attitudes": attitudes})
    assert yes.status_code == 200, yes.json


def coordinate(province, home: str, person: UUID) -> None:
    with province.driven.sessions.transaction() as session:
        session.get(Community, id_of(home)).is_coordinated_by(person, MANDATE_ENDS_ON)


def id_of(path: str) -> UUID:
    return UUID(path.rpartition("/")[2])


def state_of(province, home: str, person: UUID) -> str | None:
    items = province.officer.get(f"{home}/members?limit=200").json["items"]
    return next((item["state"] for item in items if item["principal_id"] == str(person)), None)


def without_home(movers: Movers) -> dict[str, str]:
    items = movers.officer.get(f"{movers.path}/without-home?limit=200").json["items"]
    letters = {str(id): ppr for ppr, id in movers.ids.items()}
    return {letters[item["principal_id"]]: item["reason"] for item in items}


def transfers(movers: Movers, operation: str) -> list[tuple[str, str | None, str | None]]:
    items = movers.officer.get(f"/v1/operations/{operation}/transfers").json["items"]
    return [(item["home"], item["community_id"], item["invited_to_id"]) for item in items]


def test_who_follows_leaves_and_is_invited_and_all_of_it_comes_back(movers, province, attitudes):
    person, home = movers.ids["a"], province.plan()
    join(province, home, person, attitudes)
    coordinate(province, home, person)
    other = province.plan()
    joined_at = stays(province, home)[0]["joined_at"]

    operation = movers.decided({"a": "D"}, community="follow")

    assert state_of(province, home, person) == "left" and state_of(province, other, person) is None
    assert province.officer.get(home).json["coordinator_id"] is None
    (left,) = province.driven.told(MemberLeft)
    assert (left.principal_id, left.reason) == (person, "transferred")
    assert province.driven.told(PrincipalTransferred)[0].community_follows
    assert [consent["state"] for consent in consents(province, person)] == ["withdrawn"]
    assert [stay["leaving"] for stay in stays(province, home)] == ["transferred"]
    assert without_home(movers) == {"a": "transferred", "b": "not_invited", "c": "not_invited"}
    assert transfers(movers, operation) == [("left", str(id_of(home)), None)]

    assert movers.undo(operation).status_code == 200

    assert state_of(province, home, person) == "member"
    assert province.officer.get(home).json["coordinator_id"] == str(person)
    assert [told.mandate_ends_on for told in province.driven.told(CoordinatorConfirmed)] == [MANDATE_ENDS_ON]
    assert len(province.driven.told(MemberJoined)) == 2
    assert {consent["state"] for consent in consents(province, person)} == {"withdrawn", "given"}
    assert [(stay["joined_at"], stay["left_at"]) for stay in stays(province, home)] == [(joined_at, None)]
    assert [home_state for home_state, *_ in transfers(movers, operation)] == ["restored"]


def stays(province, home: str, query: str = "") -> list[dict]:
    return province.officer.get(f"{home}/stays{query}").json["items"]


def consents(province, person: UUID) -> list[dict]:
    return province.principal(person).get("/v1/me/consents").json["items"]


def test_who_found_another_home_meanwhile_keeps_it_and_the_answer_says_so(movers, province, attitudes):
    person, home = movers.ids["a"], province.plan()
    join(province, home, person, attitudes)
    operation = movers.decided({"a": "retired"}, community="follow")
    other = province.plan()
    join(province, other, person, attitudes)
    assert movers.undo(operation).status_code == 200
    assert (state_of(province, home, person), state_of(province, other, person)) == ("left", "member")
    assert [state for state, *_ in transfers(movers, operation)] == ["not_restored"]
    history = province.principal(person).get(f"/v1/principals/{person}/history").json
    assert [stay["leaving"] for stay in history["stays"]] == [None, "transferred"]
    moment = datetime.fromisoformat(history["stays"][1]["joined_at"])
    with province.driven.sessions.reader() as session:
        assert home_at(session, person, moment) == id_of(home)
        assert home_at(session, person, datetime.now(UTC)) == id_of(other)
        assert home_at(session, person, moment - timedelta(seconds=1)) is None
    then = f"?as_of={moment.isoformat().replace('+', '%2B')}"
    assert [stay["principal_id"] for stay in stays(province, home, then)] == [str(person)]
    assert stays(province, other, then) == []


def test_who_came_back_since_and_went_of_their_own_will_is_not_brought_back(movers, province, attitudes):
    person, home = movers.ids["a"], province.plan()
    join(province, home, person, attitudes)
    operation = movers.decided({"a": "seconded"}, community="follow")
    join(province, home, person, attitudes)
    assert province.principal(person).post(f"{home}/leave").status_code == 200
    assert movers.undo(operation).status_code == 200
    assert state_of(province, home, person) == "left"
    assert [stay["leaving"] for stay in stays(province, home)] == ["transferred", "left"]
    assert {consent["state"] for consent in consents(province, person)} == {"withdrawn"}
    assert [state for state, *_ in transfers(movers, operation)] == ["not_restored"]


def test_nobody_is_conscripted_the_home_of_the_new_place_asks(movers, province, attitudes):
    person, home = movers.ids["b"], province.plan()
    operation = movers.decided({"b": "D"}, community="follow")
    (asked,) = province.driven.told(MemberInvited)
    assert (asked.principal_id, state_of(province, home, person)) == (person, "invited")
    assert transfers(movers, operation) == [("none", None, str(id_of(home)))]
    assert without_home(movers)["b"] == "invited"
    assert movers.undo(operation).status_code == 200
    assert state_of(province, home, person) == "lapsed"
    join(province, home, person, attitudes)
    again = movers.decided({"b": "D"}, community="follow")  # the same community: nobody goes
    assert state_of(province, home, person) == "member"
    assert transfers(movers, again) == [("kept", None, None)]


def test_who_follows_is_no_longer_asked_by_the_home_of_the_old_place(movers, province):
    home, _other = province.plan(), province.plan()
    invite(province, home, movers.ids["b"])
    invite(province, home, movers.ids["c"])
    movers.decided({"b": "D", "c": "B"})
    assert state_of(province, home, movers.ids["b"]) == "invited"
    movers.decided({"b": "A", "a": "retired"}, days=1, community="follow")
    assert not province.driven.told(InvitationLapsed)
    movers.on(datetime.now(UTC).date() + timedelta(days=1))
    assert state_of(province, home, movers.ids["b"]) == "lapsed"
    assert state_of(province, home, movers.ids["c"]) == "invited"
    assert [told.principal_id for told in province.driven.told(InvitationLapsed)] == [movers.ids["b"]]


def test_an_invitation_that_was_there_before_is_not_taken_back_with_the_mouvement(movers, province):
    home = province.plan()
    invite(province, home, movers.ids["b"])
    operation = movers.decided({"b": "D", "c": "B"}, community="follow")
    assert [invited_to for *_, invited_to in transfers(movers, operation)] == [None, str(id_of(home))]
    assert movers.undo(operation).status_code == 200
    states = [state_of(province, home, movers.ids[ppr]) for ppr in "bc"]
    assert states == ["invited", "lapsed"]


def test_who_stays_keeps_everything(movers, province, attitudes):
    person, home = movers.ids["c"], province.plan()
    join(province, home, person, attitudes)
    operation = movers.decided({"c": "D"})
    assert transfers(movers, operation) == [("kept", None, None)]
    assert state_of(province, home, person) == "member" and not province.driven.told(MemberLeft)


def test_an_erased_person_is_moved_no_more_and_no_post_leads_back_to_them(movers, province, attitudes):
    person, home = movers.ids["a"], province.plan()
    join(province, home, person, attitudes)
    operation = movers.decided({"a": "D", "b": "A"}, days=5)
    assert province.ministry.post(f"/v1/principals/{person}/erase", {"reason": "own_wish"}).status_code == 200
    assert movers.history("a") == [("erased", "2010-01-01", None)]
    assert [stay["leaving"] for stay in stays(province, home)] == ["erased"]
    movers.on(datetime.now(UTC).date() + timedelta(days=5))
    assert [told.principal_id for told in province.driven.told(PrincipalTransferred)] == [movers.ids["b"]]
    assert movers.posts(5)["A"] == "b" and movers.posts(5)["D"] == ""
    assert movers.undo(operation).status_code == 200
    assert movers.history("b")[-1][0] == "B"
