"""What cannot be right is refused with a problem that says so, and changes nothing."""

from uuid import UUID, uuid4

import pytest

UNKNOWN = UUID(int=1)
NAMES = {"name_fr": "A", "name_ar": "B"}
FAR = "2999-01-01T00:00:00Z"
GOOD = {
    "/v1/delegations": {"code": "1", **NAMES},
    "/v1/delegations/{delegation}/communities": NAMES,
    "{community}/invitations": {"principal_ids": [str(UNKNOWN)], "answer_by": FAR},
    "{community}/invitations/accept": {"attitudes": []},
    "{community}/invitations/decline": {},
    "{election}/stand": {"statement": "Moi"},
    "{election}/open": {"closes_at": FAR},
    "{election}/vote": {"choice": str(UNKNOWN), "receipt": "r" * 22},
    "{election}/refuse": {"reason": "Sans formation"},
}
BAD = [
    ("/v1/delegations", "code", [None, "", "  ", "x" * 21, 7, "a\x00b", ["a"], {}]),
    ("/v1/delegations", "name_ar", [None, "", "x" * 201]),
    ("/v1/delegations/{delegation}/communities", "name_fr", [None, "x" * 201, 7]),
    ("/v1/delegations/{delegation}/communities", "is_home", ["perhaps", 7, None]),
    ("/v1/delegations/{delegation}/communities", "quorum_percent", [0, 101, -1, "half", 1e999, None]),
    ("/v1/delegations/{delegation}/communities", "mandate_months", [0, 61, "year"]),
    ("{community}/invitations", "principal_ids", [[], ["x"], "x", None, [str(UNKNOWN)] * 101]),
    ("{community}/invitations", "answer_by", ["soon", "2999-01-01", "2999-01-01T00:00:00", 7, None]),
    ("{community}/invitations/accept", "channel", ["pigeon", None, 7]),
    ("{community}/invitations/decline", "channel", ["pigeon", None]),
    ("{election}/stand", "statement", ["", "x" * 2001, None]),
    ("{election}/open", "closes_at", ["soon", "2999-01-01T00:00:00", None]),
    ("{election}/vote", "choice", ["me", "", None, 1]),
    ("{election}/vote", "receipt", ["r" * 21, "r" * 65, "r" * 22 + "\n", "é" * 22, "", None, 1]),
    ("{election}/refuse", "reason", ["", " ", "x" * 2001, None]),
]


def named(answer) -> set[str]:
    """The fields that the problem names."""
    return {fault["field"].partition(".")[0] for fault in answer.json["errors"]}


@pytest.fixture
def paths(sqlite_province):
    circle = sqlite_province.circle(2)
    return {
        "delegation": sqlite_province.delegation_id,
        "community": circle.path,
        "election": circle.called(0),
    }


@pytest.mark.parametrize(("path", "field", "values"), BAD, ids=[f"{path}: {field}" for path, field, _ in BAD])
def test_a_bad_field_is_named(sqlite_province, paths, path, field, values):
    told = sqlite_province.driven.told()
    for value in values:
        answer = sqlite_province.ministry.post(path.format(**paths), GOOD[path] | {field: value})
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), (value, answer.text)
        assert field in named(answer)
    assert sqlite_province.driven.told() == told


@pytest.mark.parametrize("path", GOOD)
def test_a_missing_or_unknown_field_is_named(sqlite_province, paths, path):
    required = [name for name in GOOD[path] if name != "channel"]
    for name in required:
        body = {other: value for other, value in GOOD[path].items() if other != name}
        answer = sqlite_province.ministry.post(path.format(**paths), body)
        assert (answer.status_code, name in named(answer)) == (422, True)
    for strange in ("state", "coordinator_id"):
        answer = sqlite_province.ministry.post(path.format(**paths), GOOD[path] | {strange: "x"})
        assert (answer.status_code, strange in named(answer)) == (422, True)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"code": NaN}'])
def test_what_is_no_object_of_json_is_refused(sqlite_province, body):
    answer = sqlite_province.ministry.post("/v1/delegations", data=body, content_type="application/json")
    assert (answer.status_code in (400, 422), answer.content_type) == (True, "application/problem+json")


@pytest.mark.parametrize("body", ['{"code": "\\ud800", "name_fr": "A", "name_ar": "B"}', '{"\\ud800": 1}'])
def test_halves_of_characters_are_refused(sqlite_province, body):
    answer = sqlite_province.ministry.post("/v1/delegations", data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=x"])
def test_a_bad_page_is_refused(sqlite_province, query):
    for path in ("/v1/delegations", f"/v1/delegations/{sqlite_province.delegation_id}/schools"):
        answer = sqlite_province.ministry.get(f"{path}?{query}")
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, query.partition("=")[0])


def test_what_is_not_there_is_404(province, attitudes, ministry_columns):
    nowhere, nobody = uuid4(), province.principal(uuid4())
    asked = [
        province.ministry.post(f"/v1/delegations/{nowhere}/communities", NAMES),
        type(province)(province.driven, nowhere).send("schools", "code,cycle,name_fr,name_ar\n", by=province.ministry),
        province.ministry.get(f"/v1/communities/{nowhere}"),
        province.ministry.get(f"/v1/communities/{nowhere}/members"),
        province.ministry.post(f"/v1/communities/{nowhere}/invitations", GOOD["{community}/invitations"]),
        nobody.post(f"/v1/communities/{nowhere}/invitations/accept", {"attitudes": attitudes}),
        nobody.post(f"/v1/communities/{nowhere}/invitations/decline"),
        nobody.post(f"/v1/communities/{nowhere}/leave"),
        province.ministry.post(f"/v1/communities/{nowhere}/elections"),
        province.ministry.get(f"/v1/elections/{nowhere}"),
        *(nobody.post(f"/v1/elections/{nowhere}/{verb}", GOOD[f"{{election}}/{verb}"]) for verb in ("stand", "vote")),
        province.officer.post(f"/v1/elections/{nowhere}/open", GOOD["{election}/open"]),
        province.officer.post(f"/v1/elections/{nowhere}/confirm"),
        province.officer.post(f"/v1/elections/{nowhere}/refuse", GOOD["{election}/refuse"]),
        province.ministry.get("/v1/communities/not-an-id"),
        province.ministry.get("/v1/nothing"),
    ]
    assert {(answer.status_code, answer.content_type) for answer in asked} == {(404, "application/problem+json")}


def test_the_wrong_method_is_405_and_the_right_ones_are_named(sqlite_province):
    circle = sqlite_province.circle(1)
    for path, allowed in (("/v1/delegations", "POST"), (circle.path, "GET"), (f"{circle.path}/leave", "POST")):
        caller = sqlite_province.ministry
        answer = caller.client.delete(path, headers={"Authorization": f"Bearer {caller.token}"})
        assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
        assert allowed in answer.headers["Allow"]


def test_invited_can_be_only_principals_of_the_delegation_and_the_others_are_named(province):
    (person,) = province.people(1)
    community, told = province.plan(), province.driven.told()
    answer = province.invite(community, person, UNKNOWN)
    assert (answer.status_code, answer.json["code"]) == (422, "invitation.unknown_principal")
    assert [fault["value"] for fault in answer.json["errors"]] == [str(UNKNOWN)]
    assert province.driven.told() == told
    assert province.officer.get(community).json["state"] == "planned"


MOMENTS = ["2020-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_out_of_reach_is_refused(province, moment):
    wish = {"principal_ids": [str(id) for id in province.people(1)], "answer_by": moment}
    circle = province.circle(1)
    answers = [
        province.officer.post(f"{circle.path}/invitations", wish),
        province.officer.post(f"{circle.called(0)}/open", {"closes_at": moment}),
    ]
    assert [answer.status_code for answer in answers] == [422, 422]


def test_the_description_of_the_api_says_how_a_file_is_sent(sqlite_province):
    described = sqlite_province.driven.app.test_client().get("/openapi.json").json
    sending = described["paths"]["/v1/delegations/{delegation_id}/schools/import"]["post"]
    assert list(sending["requestBody"]["content"]) == ["multipart/form-data"]
    form = described["components"]["schemas"]["ImportForm"]
    assert (form["properties"]["file"]["format"], form["required"]) == ("binary", ["file"])
    assert [parameter["name"] for parameter in sending["parameters"] if parameter["in"] == "query"] == ["dry_run"]
