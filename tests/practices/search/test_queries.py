"""What is found, and by whom."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.domain.actor import Role
from shared.events import CompanionGiven

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 1, 5, tzinfo=UTC)

ALL = {
    "author",
    "member",
    "neighbour",
    "officer",
    "portal",
    "ministry",
    "far member",
    "far officer",
    "far portal",
    "unitless officer",
    "stranger",
}
COMMUNITY = {"author", "member"}
DELEGATION = COMMUNITY | {"neighbour", "officer", "portal", "ministry"}
AUDIENCES = {"community": COMMUNITY, "delegation": DELEGATION, "academy": DELEGATION, "everyone": ALL}


def found(caller, **wish) -> list[str]:
    answer = caller.get("/v1/practices", query_string=wish)
    assert answer.status_code == 200, answer.json
    return [f"/v1/practices/{item['id']}" for item in answer.json["items"]]


def who_sees(country, practice, **wish) -> tuple[set[str], set[str]]:
    """Those who can read it, and those who find it."""
    readers = country.readers
    read = {name for name, caller in readers.items() if caller.get(practice).status_code == 200}
    return read, {name for name, caller in readers.items() if practice in found(caller, **wish)}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_practice_is_read_and_found_by_its_audience_and_by_nobody_else(country, audience):
    practice = country.home.publish(audience=audience)
    assert who_sees(country, practice) == (AUDIENCES[audience], AUDIENCES[audience])


def test_what_is_opened_to_the_academy_reaches_all_its_delegations(country):
    practice, academy_id = country.home.publish(audience="academy"), uuid4()
    circles = (country.home, country.far)
    country.home.driven.hear(*(circle.placed_under(academy_id) for circle in circles))
    readers = DELEGATION | {"far member", "far officer", "far portal"}
    assert who_sees(country, practice) == (readers, readers)
    above = country.home.driven.call(Role.ACADEMY_OFFICER, unit_id=academy_id)
    assert practice in found(above)


def test_a_companion_reads_what_members_opened_to_their_delegation(country):
    companion_id = uuid4()
    country.home.driven.hear(
        CompanionGiven(community_id=country.home.community_id, companion_id=companion_id, given_at=NOW)
    )
    companion = country.home.driven.call(Role.COMPANION, id=companion_id)
    practices = {audience: country.home.publish(audience=audience) for audience in AUDIENCES}
    assert set(found(companion)) == {practices[audience] for audience in ("delegation", "academy", "everyone")}
    assert companion.get(practices["community"]).status_code == 404


def test_a_draft_is_its_authors_whatever_its_audience_will_be(country):
    draft = country.home.draft(audience="everyone")
    assert who_sees(country, draft, state="draft") == ({"author"}, {"author"})
    assert found(country.home.author) == []


def test_an_archived_practice_stays_with_its_community_out_of_the_repertoire(country):
    practice = country.home.publish(audience="everyone")
    country.home.author.change(f"{practice}/archive")
    assert who_sees(country, practice, state="archived") == (COMMUNITY, COMMUNITY)
    assert found(country.home.member(1)) == []


@pytest.mark.parametrize(
    "words",
    [
        "parrain",
        "PARRAIN nouveau",
        "collegue",
        "Collègue appelle",
        "annee",
        "l\u2019année",
        "مواكبة",
        "الأطر",
        "اطر",
        "والاطر",
        "مُواكَبَه الجديده",
        "  ",
        "?",
        "100%",
        "plan_b",
        "c:\\ecole",
    ],
)
def test_words_are_found_as_people_write_them(country, words):
    text = "مواكبة الأُطُر الجديدة. 100% présents. plan_b dans C:\\école l'année"
    practice = country.home.publish(resources=text)
    assert found(country.home.member(1), q=words) == [practice]


@pytest.mark.parametrize("words", ["parrain absent", "%", "_", "\\", "parr%in", "10_%", "' OR 1=1 --", "plan?b%"])
def test_every_word_must_be_there_and_no_sign_is_a_wildcard(country, words):
    country.home.publish()
    assert found(country.home.member(1), q=words) == []


def test_facets_narrow_and_what_is_for_all_cycles_is_found_under_each(country):
    primary = country.home.publish(cycle="primary")
    arabic = country.home.publish(cycle="all", language="ar")
    lower = country.home.publish(cycle="lower_secondary")
    member = country.home.member(1)
    assert found(member, cycle="primary") == [primary, arabic]
    assert found(member, language="fr") == [primary, lower]
    assert found(member, cycle="lower_secondary", language="ar") == [arabic]


def test_pages_follow_each_other(country):
    practices = [country.home.publish() for _ in range(3)]
    member = country.home.member(1)
    first = member.get("/v1/practices?limit=2&q=parrain").json
    assert len(first["items"]) == 2
    assert found(member, limit=2, q="parrain", after=first["next"]) == practices[2:]
