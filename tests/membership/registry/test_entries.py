"""Entering Delegations, schools and principals by their national numbers: one by one, and many at once."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin

import pytest

from membership import organisation
from membership.organisation.model.organisation import School
from membership.organisation.queries.organisation import schools_by_code
from shared.events import DelegationRegistered, PrincipalRegistered, SchoolRegistered

pytestmark = pytest.mark.both_databases

NAMES = {"name_fr": "Fès", "name_ar": "فاس"}
SCHOOL = {"cycle": "primary", "name_fr": "Al Massira", "name_ar": "المسيرة"}
PERSON = {
    "name_fr": "Amina",
    "name_ar": "أمينة",
    "gender": "female",
    "email": "amina@example.org",
    "language": "ar",
    "appointed_on": "2015-09-01",
}


@pytest.fixture
def main_code(province) -> str:
    return next(iter(province.stored("schools")))


def results(answer) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [row["result"] for row in answer.json["rows"]]


def test_a_delegation_is_entered_by_its_code_then_corrected_by_who_has_seen_it(province):
    path = "/v1/delegations/by-code/FES"
    made = province.ministry.put(path, NAMES)
    assert (made.status_code, made.headers["ETag"], urljoin(path, made.headers["Location"])) == (201, '"1"', path)
    assert province.ministry.put(path, NAMES).json["code"] == "request.precondition_required"
    assert province.ministry.put(path, NAMES, seen=made).headers["ETag"] == '"1"'
    corrected = province.ministry.put(path, NAMES | {"name_fr": "Fes"}, seen=made)
    assert (corrected.status_code, corrected.headers["ETag"]) == (200, '"2"')
    assert province.ministry.put(path, NAMES, seen=made).json["code"] == "request.precondition_failed"
    assert province.ministry.get(path).json == corrected.json
    assert [told.name_fr for told in province.driven.told(DelegationRegistered) if told.code == "FES"] == ["Fès", "Fes"]


def test_what_must_be_new_is_not_corrected(province):
    path, new = "/v1/delegations/by-code/FES", {"If-None-Match": "*"}
    assert province.ministry.put(path, NAMES, headers=new).status_code == 201
    assert province.ministry.put(path, NAMES, headers=new).status_code == 412
    assert province.ministry.put("/v1/delegations/by-code/XXX", NAMES, headers={"If-Match": "*"}).status_code == 412


def test_the_old_way_to_enter_a_delegation_says_that_it_ends(province):
    answer = province.ministry.post("/v1/delegations", {"code": "FES", **NAMES})
    assert (answer.status_code, answer.headers["Deprecation"]) == (201, "@1795219200")
    assert answer.headers["Sunset"] == "Wed, 01 Sep 2027 00:00:00 GMT"
    assert answer.headers["Link"] == '<delegations/by-code/%7Bcode%7D>; rel="successor-version"'
    assert province.driven.app.test_client().get("/openapi.json").json["paths"]["/v1/delegations"]["post"]["deprecated"]
    assert 'halqa_http_deprecated_total{method="POST",route="/v1/delegations"}' in (
        province.driven.app.test_client().get("/metrics").text
    )


def test_a_school_is_entered_and_corrected_within_its_delegation(province, main_code):
    path = f"/v1/delegations/{province.delegation_id}/schools/by-code/"
    made = province.portal.put(f"{path}s-1", SCHOOL | {"main_code": main_code})
    assert (made.status_code, made.json["code"], made.json["main_code"]) == (201, "S-1", main_code)
    corrected = province.officer.put(f"{path}S-1", SCHOOL, seen=made)
    assert (corrected.status_code, corrected.json["main_code"]) == (200, "S-1")
    assert [told.main_code for told in province.driven.told(SchoolRegistered) if told.code == "S-1"] == [
        main_code,
        "S-1",
    ]
    astray = province.officer.put(f"{path}S-2", SCHOOL | {"main_code": "NOWHERE"})
    assert (astray.status_code, astray.json["errors"][0]["code"]) == (422, "import.no_main_school")
    for outsider in province.outsiders:
        assert outsider.put(f"{path}S-1", SCHOOL, seen=corrected).status_code in (403, 404)


@pytest.mark.parametrize("code", ["%00", "..", "a b", "x" * 21, "%2e%2e", "é"])
def test_what_is_no_code_is_not_found(province, code):
    assert province.ministry.put(f"/v1/delegations/by-code/{code}", NAMES).status_code in (404, 405)


def test_each_row_of_many_schools_stands_alone(province, main_code):
    with province.driven.sessions.transaction() as session:
        other = School.register(province.delegation_id, code="S-0", cycle="primary", name_fr="a", name_ar="ا")
        session.add(other)
    rows = [
        SCHOOL | {"code": "S-1"},
        SCHOOL | {"code": "S-2", "main_code": "s-1"},
        SCHOOL | {"code": "S-3", "main_code": "NOWHERE"},
        {"code": "S-4"},
        SCHOOL | {"code": "S-1"},
        SCHOOL | {"code": "S-1", "main_code": main_code},
        SCHOOL | {"code": "S-0", "unknown": 1},
        SCHOOL | {"code": "S-0"},
    ]
    answer = province.portal.post(f"/v1/delegations/{province.delegation_id}/schools/bulk", {"rows": rows})
    expected = ["created", "created", "refused", "refused", "unchanged", "refused", "refused", "changed"]
    assert results(answer) == expected
    assert {word: answer.json[word] for word in ("created", "changed", "unchanged", "refused")} == {
        word: expected.count(word) for word in ("created", "changed", "unchanged", "refused")
    }
    wrong = [row["problem"]["errors"][0]["code"] for row in answer.json["rows"] if row["result"] == "refused"]
    assert (wrong[0], wrong[2]) == ("import.no_main_school", "import.has_satellites")
    assert [told.code for told in province.driven.told(SchoolRegistered)][-3:] == ["S-1", "S-2", "S-0"]
    assert province.stored("schools")["S-2"]["main_code"] == "S-1"


def test_many_principals_are_entered_without_their_numbers_in_any_address(province, main_code):
    path = f"/v1/delegations/{province.delegation_id}/principals/bulk"
    rows = [PERSON | {"ppr": "1", "school_code": main_code}, PERSON | {"ppr": "2", "school_code": "NOWHERE"}]
    answer = province.officer.post(path, {"rows": rows})
    assert results(answer) == ["created", "refused"]
    assert answer.json["rows"][1]["problem"]["errors"][0]["code"] == "import.no_school_here"
    again = province.officer.post(path, {"rows": [rows[0], rows[0] | {"phone": "0600000000"}]})
    assert results(again) == ["unchanged", "changed"]
    assert len(province.driven.told(PrincipalRegistered)) == 2
    for outsider in province.outsiders:
        assert outsider.post(path, {"rows": rows}).status_code in (403, 404)


def test_a_thousand_rows_at_most(province):
    path = f"/v1/delegations/{province.delegation_id}/schools/bulk"
    for rows in ([], [{}] * 1001, [[]], "none"):
        assert province.officer.post(path, {"rows": rows}).status_code == 422


def test_a_row_that_somebody_else_enters_meanwhile_is_refused_alone(postgres_province, monkeypatch):
    """Between looking for what is known and writing, another officer is faster."""
    province, look = postgres_province, schools_by_code
    path = f"/v1/delegations/{province.delegation_id}/schools"

    def look_and_be_overtaken(*asked):
        found = look(*asked)
        monkeypatch.undo()
        with ThreadPoolExecutor(1) as other:
            faster = other.submit(province.officer.put, f"{path}/by-code/RACE-1", SCHOOL).result()
        assert faster.status_code == 201
        return found

    monkeypatch.setattr(organisation, "schools_by_code", look_and_be_overtaken)
    answer = province.portal.post(f"{path}/bulk", {"rows": [SCHOOL | {"code": f"RACE-{n}"} for n in (1, 2)]})
    assert results(answer) == ["refused", "created"]
    assert answer.json["rows"][0]["problem"]["code"] == "request.conflict"
    assert {"RACE-1", "RACE-2"} <= set(province.stored("schools"))
    assert [told.code for told in province.driven.told(SchoolRegistered)][-2:] == ["RACE-1", "RACE-2"]
