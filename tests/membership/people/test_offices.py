"""Officers and companions: people with an address, entered by offices, forgotten when they go."""

from uuid import uuid4

import pytest
from stored import traits_in

from shared.domain.actor import Role
from shared.events import CompanionRegistered, OfficerAppointed, OfficerWithdrawn

ENTRY = {
    "name_fr": "Fatim-Zahra N'Aït Wanzare",
    "name_ar": "فاطمة الزهراء نايت ونزار",
    "email": "f.wanzare@men.example",
    "language": "ar",
}
HEAD = ENTRY | {"function": "head", "appointed_on": "2026-09-01"}


@pytest.fixture
def offices(province) -> str:
    return f"/v1/units/{province.delegation_id}/officers"


def test_an_officer_is_entered_corrected_withdrawn_and_forgotten(province, offices):
    person = uuid4()
    path = f"{offices}/{person}"
    new = province.officer.put(path, HEAD)
    assert (new.status_code, new.json["level"], new.json["function"]) == (201, "delegation", "head"), new.json
    assert province.officer.put(path, HEAD).status_code == 428
    changed = province.officer.put(path, HEAD | {"function": "staff"}, seen=new)
    assert (changed.status_code, changed.json["function"]) == (200, "staff")
    assert [each["officer_id"] for each in province.officer.get(offices).json["items"]] == [str(person)]
    themself = province.driven.call(Role.DELEGATION_OFFICER, id=person)
    assert themself.get(path).json["email"] == ENTRY["email"]
    assert themself.get(offices).status_code == 404
    assert [told.function for told in province.driven.told(OfficerAppointed)] == ["head", "staff"]

    entries = themself.get("/v1/me/entries").json
    assert [each["email"] for each in entries["offices"]] == [ENTRY["email"]] and entries["companion"] is None
    assert province.officer.get("/v1/me/entries").json["offices"] == []
    assert province.driven.call(Role.DELEGATION_OFFICER, id="rabia").get("/v1/me/entries").json["person_id"] is None
    gone = province.officer.delete(path)

    assert gone.status_code == 200 and set(gone.json) == {"officer_id", "unit_id", "withdrawn_on"}
    assert province.officer.delete(path).status_code == 200
    assert province.officer.delete(f"{offices}/{uuid4()}").status_code == 404
    assert len(province.driven.told(OfficerWithdrawn)) == 1
    traits = [ENTRY[name] for name in ("name_fr", "name_ar", "email")]
    assert traits_in(province.driven.settings.database_url, traits) == []
    assert province.officer.get(offices).json["items"] == []
    (left,) = themself.get("/v1/me/entries").json["offices"]
    assert (left["state"], left["name_fr"], left["email"]) == ("withdrawn", "", "")
    assert province.officer.get(path).status_code == themself.get(path).status_code == 404
    again = province.officer.put(path, HEAD)
    assert (again.status_code, again.json["name_ar"]) == (201, ENTRY["name_ar"])
    assert len(province.driven.told(OfficerAppointed)) == 3


def test_who_acts_for_two_units_is_forgotten_with_the_last(province, offices):
    person = uuid4()
    academy = province.ministry.put("/v1/academies/by-code/FM", {"name_fr": "Fès", "name_ar": "فاس"}).json["id"]
    elsewhere = f"/v1/units/{academy}/officers/{person}"
    assert province.ministry.put(elsewhere, HEAD).json["level"] == "academy"
    assert province.officer.put(elsewhere, HEAD).status_code == 404
    assert province.officer.put(f"{offices}/{person}", HEAD).status_code == 201
    province.ministry.delete(elsewhere)
    assert traits_in(province.driven.settings.database_url, [ENTRY["email"]]) != []
    province.officer.delete(f"{offices}/{person}")
    assert traits_in(province.driven.settings.database_url, [ENTRY["email"]]) == []
    assert province.ministry.put(f"/v1/units/{uuid4()}/officers/{person}", HEAD).status_code == 404


def test_a_companion_is_entered_by_an_office_and_sees_their_entry(province):
    person = uuid4()
    path, entry = f"/v1/companions/{person}", ENTRY | {"unit_id": str(province.delegation_id)}
    new = province.officer.put(path, entry)
    assert new.status_code == 201, new.json
    assert province.driven.call(Role.COMPANION, id=person).get(path).json["name_fr"] == ENTRY["name_fr"]
    assert province.driven.call(Role.COMPANION).get(path).status_code == 404
    home = province.plan()
    assert province.officer.put(f"{home}/companions/{person}").status_code in (200, 201, 204)
    held = province.driven.call(Role.COMPANION, id=person).get("/v1/me/entries").json
    assert held["companion"]["email"] == ENTRY["email"] and held["person_id"] == str(person)
    assert [(each["community_id"], each["state"]) for each in held["accompaniments"]] == [
        (home.rpartition("/")[2], "current")]  # fmt: skip
    stranger = province.driven.call(Role.DELEGATION_OFFICER, unit_id=uuid4())
    assert [stranger.get(path).status_code, stranger.put(path, entry).status_code] == [404, 404]
    assert stranger.get("/v1/companions").json["items"] == []
    assert [each["id"] for each in province.officer.get("/v1/companions").json["items"]] == [str(person)]
    corrected = province.officer.put(path, entry | {"language": "fr"}, seen=new)
    assert (corrected.status_code, corrected.json["language"]) == (200, "fr")
    assert [told.language for told in province.driven.told(CompanionRegistered)] == ["ar", "fr"]
