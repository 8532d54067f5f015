"""Rules are adopted at a meeting, edition after edition; the next election is held by them, never one under way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from lives import AGREED, RULES

from shared.events import RulesAdopted


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_every_edition_is_kept_and_the_last_is_in_force(province):
    circle = province.circle(5)
    rules = f"{circle.path}/rules"
    assert province.officer.get(f"{rules}/current").json["code"] == "rules.not_found"
    first = province.officer.post(rules, RULES)
    assert (first.status_code, first.json["edition"]) == (201, 1)
    assert first.headers["Location"].endswith("rules/1")
    seen = province.officer.get(f"{rules}/current")
    second = province.officer.post(rules, RULES | {"adopted_on": today(), "text_ar": ""}, seen=seen)
    assert (second.status_code, second.json["edition"]) == (201, 2)
    assert province.officer.post(rules, RULES | {"adopted_on": today()}, seen=seen).status_code == 412

    assert circle.member(0).get(f"{rules}/current").json == second.json
    assert circle.member(0).get(f"{rules}/1").json == first.json
    assert [kept["edition"] for kept in circle.member(0).get(rules).json["items"]] == [1, 2]
    assert circle.member(0).get(f"{rules}/3").json["code"] == "rules.not_found"
    told = {name: value for name, value in AGREED.items() if name != "adopted_on"}
    assert province.driven.told(RulesAdopted)[0] == RulesAdopted(
        community_id=circle.community_id, edition=1, adopted_on=date(2026, 1, 12), **told
    )


def test_the_next_election_is_held_by_them_and_one_under_way_is_not(province):
    circle = province.circle(5)
    election = circle.opened(0)
    before = province.officer.get(election).json["needed"]
    assert province.officer.post(f"{circle.path}/rules", RULES).status_code == 201
    assert (before, province.officer.get(election).json["needed"]) == (3, 3)
    community = province.officer.get(circle.path).json
    assert (community["quorum_percent"], community["mandate_months"]) == (80, 24)
    for voter in range(5):
        circle.vote(election, voter, 0)
    province.officer.post(f"{election}/refuse", {"reason": "Elle part"})
    assert province.officer.get(circle.opened(1)).json["needed"] == 4


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"adopted_on": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}, 422, "rules.adopted_later"),
        ({"text_fr": "  ", "text_ar": ""}, 422, "rules.no_text"),
        ({"quorum_percent": 0}, 422, "request.invalid"),
    ],
)
def test_what_nobody_can_have_adopted_is_refused(changed, status, code, sqlite_province):
    answer = sqlite_province.officer.post(f"{sqlite_province.plan()}/rules", RULES | changed)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_an_edition_is_not_older_than_the_one_before(sqlite_province):
    rules = f"{sqlite_province.plan()}/rules"
    sqlite_province.officer.post(rules, RULES)
    answer = sqlite_province.officer.post(rules, RULES | {"adopted_on": "2026-01-11"})
    assert (answer.status_code, answer.json["code"]) == (422, "rules.adopted_earlier")


def test_rules_that_say_nothing_new_are_no_edition(sqlite_province):
    """Sent twice, they are adopted once, told once, and prove no evolution."""
    rules = f"{sqlite_province.plan()}/rules"
    for status, wish in ((201, RULES), (409, RULES), (409, RULES | {"adopted_on": today()})):
        answer = sqlite_province.officer.post(rules, wish)
        assert answer.status_code == status
    assert (answer.json["code"], len(sqlite_province.driven.told(RulesAdopted))) == ("rules.unchanged", 1)
    steps = sqlite_province.officer.get(rules.replace("rules", "steps")).json["steps"]
    assert [step["state"] for step in steps if step["name"] in ("charter", "evolution")] == ["done", "open"]
    assert sqlite_province.officer.post(rules, RULES | {"meeting_rhythm_weeks": 5}).json["edition"] == 2


def test_the_coordinator_writes_them_down_and_the_delegation_while_there_is_none(province):
    circle = province.circle(3)
    rules = f"{circle.path}/rules"
    assert circle.member(0).post(rules, RULES).status_code == 403
    assert province.portal.post(rules, RULES).status_code == 201
    assert province.officer.post(f"{circle.elected(0)}/confirm").status_code == 200
    assert province.officer.post(rules, RULES).status_code == 403
    assert circle.member(1).post(rules, RULES).status_code == 403
    assert circle.member(0).post(rules, RULES | {"mandate_months": 12}).json["edition"] == 2
    for outsider in province.outsiders:
        assert outsider.post(rules, RULES).status_code in (403, 404)


def test_who_is_erased_is_named_in_no_rules_any_more(province):
    circle = province.circle(2)
    (person,) = province.people(1, name_fr="Ghita Benjelloun")
    province.invite(circle.path, person)
    wish = RULES | {"text_fr": "Ghita Benjelloun tient le cahier."}
    province.officer.post(f"{circle.path}/rules", wish)
    erased = province.principal(person).post(f"/v1/principals/{person}/erase", {"reason": "own_wish"})
    assert erased.status_code == 200
    assert province.officer.get(f"{circle.path}/rules/1").json["text_fr"] == "un ancien membre tient le cahier."
