"""Practices over HTTP: what is answered, who may, and what bad input does (nothing)."""

import json

import pytest

from shared.domain.actor import Role
from shared.events import PracticePublished

TEXT = {"title": "Un parrain", "language": "fr"}
FULL = TEXT | {"problem": "Seuls.", "what_was_done": "Appeler.", "result": "Ils restent."}


def code_of(answer) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"]


def test_a_practice_from_draft_to_archive(circle):
    drafted = circle.author.post(f"/v1/communities/{circle.community_id}/practices", {"language": "fr"})
    assert (drafted.status_code, drafted.json["state"], drafted.json["audience"]) == (201, "draft", "community")
    practice = f"/v1/practices/{drafted.json['id']}"
    missing = circle.author.change(f"{practice}/publish")
    assert code_of(missing) == (422, "practice.incomplete")
    assert [fault["field"] for fault in missing.json["errors"]] == ["title", "problem", "what_was_done", "result"]
    assert circle.author.change(f"{practice}/revise", FULL | {"title": "  Un parrain "}).json["title"] == "Un parrain"
    published = circle.author.change(f"{practice}/publish").json
    assert (published["state"], published["author_name_ar"]) == ("published", "رشيدة المكناسي")
    assert circle.author.change(f"{practice}/archive").json["state"] == "archived"
    (told,) = circle.driven.told()
    assert (told.reader_ids, told.title) == (circle.member_ids[1:], "Un parrain")


def test_a_community_can_be_asked_for(circle):
    assert circle.officer.get(f"/v1/communities/{circle.community_id}").json == {
        "id": str(circle.community_id),
        "delegation_id": str(circle.delegation_id),
        "name_fr": "Atlas",
        "name_ar": "أطلس",
        "member_count": 3,
    }


def test_publishing_again_with_the_same_key_tells_once(circle):
    practice = circle.draft()
    answers = [circle.author.change(f"{practice}/publish", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(circle.driven.told(PracticePublished)) == 1


def test_publishing_again_is_refused(circle):
    practice = circle.publish()
    assert code_of(circle.author.change(f"{practice}/publish")) == (409, "practice.wrong_state")
    assert code_of(circle.author.change(f"{practice}/revise", {"title": "x"})) == (409, "practice.wrong_state")
    assert len(circle.driven.told(PracticePublished)) == 1


# -- who may


def test_only_members_write_for_a_community(country):
    path = f"/v1/communities/{country.home.community_id}/practices"
    for name in ("officer", "portal", "ministry"):
        assert code_of(country.readers[name].post(path, TEXT)) == (403, "caller.not_allowed")
    for name in ("neighbour", "far member", "far officer", "stranger"):
        assert code_of(country.readers[name].post(path, TEXT)) == (404, "community.not_found")
        assert country.readers[name].get(f"/v1/communities/{country.home.community_id}").status_code == 404


@pytest.mark.parametrize("verb", ["revise", "publish", "archive"])
def test_only_the_author_changes_a_practice(country, verb):
    draft, published = country.home.draft(), country.home.publish(audience="delegation")
    told = country.home.driven.told()
    for name in ("member", "officer", "ministry"):
        assert code_of(country.readers[name].change(f"{draft}/{verb}")) == (404, "practice.not_found")
        assert code_of(country.readers[name].change(f"{published}/{verb}")) == (403, "caller.not_allowed")
    assert country.home.driven.told() == told


def test_an_author_in_two_places_is_one_author(country):
    """The id of a principal is no id of an officer: only the role decides."""
    draft = country.home.draft()
    impostor = country.home.driven.call(Role.DELEGATION_OFFICER, id=country.home.member_ids[0])
    assert impostor.get(draft).status_code == 404


# -- bad input

BAD = [
    {"title": "x" * 201},
    {"title": "a\x00b"},
    {"title": "two\nlines"},
    {"title": None},
    {"problem": "a\x00b"},
    {"problem": "x" * 20_001},
    {"problem": ["x"]},
    {"language": "en"},
    {"language": None},
    {"cycle": "kindergarten"},
    {"audience": "friends"},
    {"tags": "accueil"},
    {"tags": ["t"] * 13},
    {"tags": ["x" * 51]},
    {"tags": ["\x00"]},
    {"tags": [""]},
    {"state": "published"},
    {"author_id": "018f0000-0000-7000-8000-000000000000"},
]


@pytest.mark.parametrize("wrong", BAD, ids=lambda wrong: str(wrong)[:40].encode("ascii", "replace").decode())
def test_a_text_that_cannot_be_right_is_refused_by_field(circle, wrong):
    draft = circle.draft()
    before = circle.author.get(draft).json
    for path in (f"/v1/communities/{circle.community_id}/practices", f"{draft}/revise"):
        answer = circle.author.post(path, (TEXT if path.endswith("practices") else {}) | wrong)
        assert answer.status_code == 422, answer.json
        assert answer.json["errors"][0]["field"].startswith(next(iter(wrong)))
    assert circle.author.get(draft).json == before


def test_half_a_character_is_refused(circle):
    body = json.dumps(TEXT | {"problem": "half \ud800 a character"})
    path = f"/v1/communities/{circle.community_id}/practices"
    answer = circle.author.post(path, data=body, content_type="application/json")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "problem")


@pytest.mark.parametrize(
    "query", ["q=%00", "q=a%00b", "q=" + "x" * 201, "cycle=x", "language=x", "state=x", "limit=0", "after=1", "limit=x"]
)
def test_a_search_that_cannot_be_is_refused(circle, query):
    assert circle.author.get(f"/v1/practices?{query}").status_code == 422


@pytest.mark.parametrize("query", ["q=%ff", "q=%F0%9F%98%80", "q=%27%3B--", "q=" + "%25" * 200, "unknown=1"])
def test_strange_words_find_nothing_and_break_nothing(circle, query):
    assert circle.author.get(f"/v1/practices?{query}").json == {"items": [], "next": None}
