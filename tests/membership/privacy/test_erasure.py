"""Somebody is erased: they leave everywhere, nothing in this service names them, and the others are told."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Text, cast, select
from stored import traits_in

from membership.communities.model.community import Community
from membership.joining.model.consent import Consent
from membership.joining.model.membership import Membership
from membership.people.model.people import Principal
from shared.domain.actor import Role
from shared.domain.database import MessagingBase
from shared.events import CoordinatorRefused, InvitationLapsed, MemberJoined, MemberLeft, PrincipalErased, declared

pytestmark = pytest.mark.both_databases

WISH = {"reason": "own_wish"}
ENTRY = {
    "name_fr": "Fatim-Zahra N'Aït Wanzare",
    "name_ar": "فاطمة الزهراء نايت ونزار",
    "email": "f.wanzare@exemple.ma",
    "phone": "+212 661 98 76 54",
    "ppr": "7654321",
}
FORMER = ("Ancien membre", "عضو سابق")


def erase(caller, person: UUID, **more):
    return caller.post(f"/v1/principals/{person}/erase", WISH, **more)


@pytest.fixture
def somebody(province) -> UUID:
    (id,) = province.people(1, **ENTRY)
    return id


def traits_left(province) -> list[str]:
    return traits_in(province.driven.settings.database_url, list(ENTRY.values()))


def test_nothing_of_them_is_left_in_any_table(province, somebody):
    circle = province.circle(2)
    circle.member_ids.append(somebody)
    province.invite(circle.path, somebody)
    yes = {"attitudes": attitudes()}
    accepted = province.principal(somebody).post(
        f"{circle.path}/invitations/accept", yes, headers={"Idempotency-Key": "yes"}
    )
    assert accepted.status_code == 200, accepted.json
    election = circle.elected(winner=2)
    reason = f"Mme {ENTRY['name_fr'].upper()} ne peut pas, ni و{ENTRY['name_ar']}"
    assert province.officer.post(f"{election}/refuse", {"reason": reason}).status_code == 200
    listed = f"/v1/delegations/{province.delegation_id}/principals"
    assert province.officer.post(f"{listed}/import", headers={"Idempotency-Key": "file"}).status_code >= 400
    assert {line.partition(":")[0] for line in traits_left(province)} >= {"principal", "outbox", "election"}

    answer = erase(province.officer, somebody)

    assert answer.status_code == 200, answer.json
    assert set(answer.json) == {"id", "erased_at"}
    assert traits_left(province) == []
    (refused,) = province.driven.told(CoordinatorRefused)
    assert refused.reason == f"Mme un ancien membre ne peut pas, ni و{FORMER[1]}"
    with province.driven.sessions.reader() as session:
        person = session.get(Principal, somebody)
        assert (person.name_fr, person.name_ar, person.email, person.phone) == (*FORMER, "", None)
        assert (person.delegation_id, person.appointed_on) == (province.delegation_id, date(2010, 1, 1))


def attitudes() -> list[str]:
    return ["volunteering", "openness_to_change", "motivation", "curiosity", "initiative_and_self_discipline",
            "ethical_conduct"]  # fmt: skip


def test_they_leave_all_communities_and_the_others_are_told_which(province):
    home, other = province.circle(2), province.circle(1, is_home=False)
    person = home.member_ids[0]
    province.invite(other.path, person)
    coordinate(province, home.community_id, person)
    assert erase(province.ministry, person).status_code == 200
    (left,), (lapsed,), (told,) = (
        province.driven.told(kind) for kind in (MemberLeft, InvitationLapsed, PrincipalErased)
    )
    assert (left.community_id, left.principal_id) == (home.community_id, person)
    assert (lapsed.community_id, lapsed.principal_id) == (other.community_id, person)
    assert (told.principal_id, set(told.community_ids)) == (person, {home.community_id, other.community_id})
    with province.driven.sessions.reader() as session:
        assert session.get(Community, home.community_id).coordinator_id is None
        given = select(Consent).where(Consent.principal_id == person, cast(Consent.state, Text) == "given")
        assert session.scalars(given).all() == []


def coordinate(province, community_id: UUID, person: UUID) -> None:
    with province.driven.sessions.transaction() as session:
        session.get(Community, community_id).is_coordinated_by(person, date(2028, 9, 1))


def test_the_log_keeps_its_places_and_tells_of_a_former_member(province):
    circle = province.circle(2)
    person, neighbour = circle.member_ids
    before = log_of(province.driven)
    assert erase(province.ministry, person).status_code == 200
    after = log_of(province.driven)
    assert [row[:-1] for row in after][: len(before)] == [row[:-1] for row in before]
    joined = {event.principal_id: event for event in province.driven.told(MemberJoined)}
    assert (joined[person].name_fr, joined[person].name_ar) == FORMER
    assert joined[neighbour].name_fr == "Rachida Meknassi"


def log_of(driven) -> list[tuple]:
    outbox = MessagingBase.metadata.tables["outbox"]
    with driven.sessions.reader() as session:
        columns = [
            outbox.c[name] for name in ("seq", "id", "type", "aggregateid", "sequence", "occurred_at", "payload")
        ]
        return [tuple(row) for row in session.execute(select(*columns).order_by(outbox.c.seq))]


def test_who_is_erased_is_nobody_here_any_more(province, somebody):
    circle = province.circle(1)
    themself = province.principal(somebody)
    assert erase(themself, somebody).status_code == 200
    assert erase(themself, somebody).status_code == 403
    assert themself.get("/v1/me/consents").status_code == 403
    assert province.invite(circle.path, somebody).status_code == 422
    assert erase(province.ministry, somebody).json["code"] == "principal.already_erased"
    assert ENTRY["ppr"] not in province.stored("principals")
    again = province.send("principals", line_of(ENTRY))
    assert (again.status_code, again.json.get("created")) == (200, 1), again.json  # somebody new, who was never here
    with province.driven.sessions.reader() as session:
        assert session.get(Principal, somebody).name_fr == FORMER[0]


def line_of(entry: dict[str, str]) -> str:
    names = ["ppr", "school_code", "name_fr", "name_ar", "gender", "email", "phone", "language", "appointed_on"]
    row = {"school_code": "15395H", "gender": "F", "language": "ar", "appointed_on": "2010-09-01"} | entry
    return ",".join(names) + "\n" + ",".join(row[name] for name in names) + "\n"


def test_only_the_person_their_delegation_and_the_ministry_erase(province, somebody):
    (neighbour,) = province.people(1)
    elsewhere = province.driven.call(Role.DELEGATION_OFFICER, unit_id=uuid4())
    for caller in (province.principal(neighbour), elsewhere, province.driven.call(Role.SERVICE, id="meetings")):
        assert erase(caller, somebody).status_code == 404
    assert erase(province.ministry, uuid4()).status_code == 404
    assert province.ministry.post(f"/v1/principals/{somebody}/erase", {"reason": "Mme Wanzare"}).status_code == 422
    assert province.driven.told(PrincipalErased) == []
    assert erase(province.officer, somebody).status_code == 200


def test_what_is_repeated_under_one_key_is_answered_as_before(province, somebody):
    first, second = (erase(province.principal(somebody), somebody, headers={"Idempotency-Key": "k"}) for _ in "12")
    assert (first.status_code, second.status_code, second.json) == (200, 200, first.json)
    assert len(province.driven.told(PrincipalErased)) == 1


def test_memberships_stay_as_what_was(province):
    circle = province.circle(2)
    erase(province.ministry, circle.member_ids[0])
    with province.driven.sessions.reader() as session:
        states = dict(session.execute(select(Membership.principal_id, Membership.state)).all())
    assert [str(states[id]) for id in circle.member_ids] == ["left", "member"]
    assert "membership.principal_erased.v1" in declared
