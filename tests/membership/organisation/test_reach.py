"""Academies above Delegations, and companions of communities: entered, told, and let in."""

from uuid import uuid4

import pytest

from shared.domain.actor import Role
from shared.events import AcademyRegistered, CompanionGiven, CompanionWithdrawn, DelegationRegistered

pytestmark = pytest.mark.both_databases

NAMES = {"name_fr": "Fès-Meknès", "name_ar": "فاس مكناس"}


@pytest.fixture
def academy(province) -> dict:
    return province.ministry.put("/v1/academies/by-code/FM", NAMES).json


def place_under(province, academy_id: str | None) -> dict:
    """The province's Delegation, entered again with an academy above it."""
    (known,) = province.ministry.get("/v1/delegations").json["items"]
    entry = {name: known[name] for name in ("code", "name_fr", "name_ar")}
    answer = province.ministry.post("/v1/delegations", entry | {"academy_id": academy_id})
    assert answer.status_code in (200, 201), answer.json
    return answer.json


def test_an_academy_is_entered_once_and_corrected_after(province, academy):
    again = province.ministry.put("/v1/academies/by-code/FM", NAMES | {"name_fr": "Fès"}, headers={"If-Match": "*"})
    assert (again.json["id"], again.json["name_fr"]) == (academy["id"], "Fès")
    assert [told.name_fr for told in province.driven.told(AcademyRegistered)] == ["Fès-Meknès", "Fès"]


def test_an_academy_reaches_a_delegation_from_the_moment_it_is_placed_under_it(province, academy):
    officer = province.driven.call(Role.ACADEMY_OFFICER, unit_id=academy["id"])
    path = f"/v1/delegations/{province.delegation_id}/schools"
    assert officer.get(path).status_code == 404
    assert place_under(province, academy["id"])["academy_id"] == academy["id"]
    assert officer.get(path).status_code == 200
    assert [found["id"] for found in officer.get("/v1/delegations").json["items"]] == [str(province.delegation_id)]
    assert str(province.driven.told(DelegationRegistered)[-1].academy_id) == academy["id"]
    place_under(province, None)
    assert officer.get(path).status_code == 404


def test_an_academy_that_does_not_exist_is_named_in_the_refusal(province):
    (known,) = province.ministry.get("/v1/delegations").json["items"]
    entry = {name: known[name] for name in ("code", "name_fr", "name_ar")}
    answer = province.ministry.post("/v1/delegations", entry | {"academy_id": str(uuid4())})
    assert (answer.status_code, answer.json["code"]) == (422, "delegation.unknown_academy")
    assert [fault["field"] for fault in answer.json["errors"]] == ["academy_id"]


def test_a_companion_sees_a_community_while_it_is_given_to_them(province):
    community, companion_id = province.plan(), uuid4()
    companion = province.driven.call(Role.COMPANION, id=companion_id)
    path = f"{community}/companions/{companion_id}"
    assert companion.get(community).status_code == 404
    for _ in range(2):  # safe to repeat
        assert province.officer.put(path).status_code == 200
    assert companion.get(community).status_code == 200
    listed = province.officer.get(f"{community}/companions").json["items"]
    assert [given["companion_id"] for given in listed] == [str(companion_id)]
    for _ in range(2):
        assert province.officer.delete(path).status_code == 204
    assert companion.get(community).status_code == 404
    assert province.officer.get(f"{community}/companions").json["items"] == []
    assert province.officer.put(path).status_code == 200
    told = [len(province.driven.told(kind)) for kind in (CompanionGiven, CompanionWithdrawn)]
    assert told == [2, 1]


def test_a_companion_of_one_community_sees_no_other(province):
    given, other, companion_id = province.plan(), province.plan(name_fr="CPP Rif"), uuid4()
    province.officer.put(f"{given}/companions/{companion_id}")
    companion = province.driven.call(Role.COMPANION, id=companion_id)
    assert [companion.get(path).status_code for path in (given, other)] == [200, 404]
