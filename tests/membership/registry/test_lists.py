"""The lists of a Delegation: narrowed down, searched as people write, and read page by page in any order."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from peers import new_principal
from sqlalchemy import event, select

from membership.organisation.model.organisation import Cycle, Delegation, School, Setting, Zone, ZoneKind
from membership.people.model.people import Gender, Principal

pytestmark = pytest.mark.both_databases

TODAY = datetime.now(UTC).date()
PEOPLE = [
    ("Élodie Zahra", "فاطمة الزهراء", "A1", Cycle.PRIMARY, Gender.FEMALE, TODAY - timedelta(days=100)),
    ("eliane Bennani", "بشرى بناني", "A2", Cycle.LOWER_SECONDARY, Gender.FEMALE, date(2001, 9, 1)),
    ("Driss El Idrissi", "إدريس الإدريسي", "B1", Cycle.PRIMARY, Gender.MALE, date(2001, 9, 1)),
    ("Zineb Amrani", "زينب العمراني", "B1", Cycle.PRIMARY, Gender.FEMALE, date(2010, 9, 1)),
    ("Ahmed Amrani", "أحمد العمراني", "", Cycle.UPPER_SECONDARY, Gender.MALE, date(2015, 9, 1)),
]


@pytest.fixture
def peopled(province):
    """Two zones, one within the other; five people, one of them at home in a community."""
    here = {"delegation_id": province.delegation_id}
    zones = [
        Zone.register(**here, kind=ZoneKind.SCHOOL_BASIN, code=code, name_fr=code, name_ar=code)
        for code in ("Z1", "Z2")
    ]
    schools = [("A1", "A1", 0), ("A2", "A2", 1), ("B1", "B1", None), ("C1", "C1", 1), ("S1", "C1", None)]
    with province.driven.sessions.transaction() as session:
        session.add(zones[0])
        session.flush()
        zones[1].around_id = zones[0].id
        session.add(zones[1])
        session.flush()
        for code, main, zone in schools:
            told = {"name_fr": f"École {code}", "name_ar": "مدرسة", "cycle": Cycle.PRIMARY, "setting": Setting.RURAL}
            entry = told | {"code": code, "main_code": main, "zone_id": None if zone is None else zones[zone].id}
            session.add(School.register(province.delegation_id, **entry))
        for name_fr, name_ar, school_code, cycle, gender, appointed_on in PEOPLE:
            told = {"name_fr": name_fr, "name_ar": name_ar, "school_code": school_code, "cycle": cycle}
            session.add(new_principal(province.delegation_id, gender=gender, appointed_on=appointed_on, **told))
        other = Delegation.register(code="Taza", name_fr="Taza", name_ar="تازة")
        session.add(other)
        session.flush()
        session.add(new_principal(other.id, name_fr="Elodie d'ailleurs", school_code="X9"))
        province.zone_ids = [zone.id for zone in zones]
    return province


def listed(province, what, query=""):
    return province.officer.get(f"/v1/delegations/{province.delegation_id}/{what}?{query}")


def names(province, query="", what="principals", name="name_fr"):
    return [item[name] for item in listed(province, what, query).json["items"]]


def walked(province, query, limit=2):
    """All names, a few at a time."""
    found, after = [], ""
    while after is not None:
        page = listed(province, "principals", f"{query}&limit={limit}{after and f'&after={after}'}").json
        found += [item["name_fr"] for item in page["items"]]
        after = page["next"]
    return found


def test_a_list_is_read_page_by_page_in_any_order(peopled):
    elodie, eliane, driss, zineb, ahmed = (person[0] for person in PEOPLE)
    assert walked(peopled, "") == [elodie, eliane, driss, zineb, ahmed]  # as they were entered
    assert walked(peopled, "sort=name_fr") == [ahmed, driss, eliane, elodie, zineb]  # no accent, no case
    assert walked(peopled, "sort=name_ar", 1) == [ahmed, driss, eliane, zineb, elodie]
    assert walked(peopled, "sort=appointed_on") == [eliane, driss, zineb, ahmed, elodie]  # alike: as they were entered
    assert walked(peopled, "sort=school_code", 3) == [ahmed, elodie, eliane, driss, zineb]
    assert walked(peopled, "sort=name_fr&gender=female", 1) == [eliane, elodie, zineb]


def test_a_page_goes_on_where_it_ended_whoever_was_renamed_or_went_meanwhile(peopled):
    first = listed(peopled, "principals", "sort=name_fr&limit=2").json
    with peopled.driven.sessions.transaction() as session:
        driss = session.scalars(select(Principal).where(Principal.name_fr == "Driss El Idrissi")).one()
        driss.correct(name_fr="Zzz")
        session.add(new_principal(peopled.delegation_id, name_fr="Aaa"))
    rest = listed(peopled, "principals", f"sort=name_fr&after={first['next']}").json["items"]
    assert [item["name_fr"] for item in rest] == ["eliane Bennani", "Élodie Zahra", "Zineb Amrani", "Zzz"]


def test_a_cursor_of_another_order_or_of_nobody_is_refused(peopled):
    by_name = listed(peopled, "principals", "sort=name_fr&limit=1").json["next"]
    by_id = listed(peopled, "principals", "limit=1").json["next"]
    nested = "W1tb" * 900
    bad = [f"sort=appointed_on&after={by_name}", f"after={by_name}", f"sort=name_fr&after={by_id}"]
    bad += [f"sort=name_fr&after={after}" for after in ("x", "W10", nested, "é", by_name[:-8], "null")]
    answers = [listed(peopled, "principals", query) for query in bad]
    assert {(answer.status_code, answer.json["errors"][0]["code"]) for answer in answers} == {
        (422, "field.unknown_cursor")
    }
    assert {answer.json["errors"][0]["field"].rpartition(".")[2] for answer in answers} == {"after"}


def test_people_are_found_as_one_writes_them(peopled):
    assert names(peopled, "q=elodie") == names(peopled, "q=ÉLODIE") == ["Élodie Zahra"]
    assert names(peopled, "q=amrani&sort=name_fr") == ["Ahmed Amrani", "Zineb Amrani"]
    assert names(peopled, "q=عمراني زينب") == ["Zineb Amrani"]
    assert names(peopled, "q=ادريس") == ["Driss El Idrissi"]  # without its hamza
    assert names(peopled, "q=100%") == names(peopled, "q=_") == []
    (one,) = listed(peopled, "principals", "q=zineb").json["items"]
    assert names(peopled, f"q={one['ppr']}") == ["Zineb Amrani"]


def test_people_are_narrowed_down_by_what_they_are_and_where(peopled):
    elodie, eliane, driss, zineb, _ = (person[0] for person in PEOPLE)
    outer, inner = peopled.zone_ids
    with peopled.driven.sessions.reader() as session:
        (driss_id,) = session.scalars(select(Principal.id).where(Principal.name_fr == driss))
    home = peopled.circle(0)
    peopled.invite(home.path, driss_id)
    assert names(peopled, "without_home=true&cycle=primary") == [elodie, driss, zineb]  # invited is not yet at home
    assert names(peopled, "without_home=false") == []
    assert names(peopled, "cycle=primary&gender=female") == [elodie, zineb]
    assert names(peopled, "school_code=B1") == [driss, zineb]
    assert names(peopled, f"zone_id={outer}") == [elodie, eliane]
    assert names(peopled, f"zone_id={inner}") == [eliane]
    assert names(peopled, "newcomer=true") == [elodie]
    assert names(peopled, "newcomer=false&cycle=primary") == [driss, zineb]
    assert listed(peopled, "principals", "cycle=nursery").status_code == 422


def test_schools_are_narrowed_down_and_sorted(peopled):
    outer, inner = peopled.zone_ids
    codes = {"what": "schools", "name": "code"}
    assert names(peopled, "sort=code&is_main=false", **codes) == ["S1"]
    assert names(peopled, "sort=code&vacant=true", **codes) == ["15395H", "C1"]
    assert names(peopled, "sort=code&vacant=false", **codes) == ["A1", "A2", "B1"]
    assert names(peopled, f"sort=code&zone_id={outer}", **codes) == ["A1", "A2", "C1", "S1"]
    assert names(peopled, f"sort=code&zone_id={inner}&is_main=true", **codes) == ["A2", "C1"]
    assert names(peopled, "setting=rural&q=ecole b1", **codes) == ["B1"]
    assert names(peopled, "setting=urban", **codes) == []


def test_communities_are_narrowed_down(province):
    province.plan(name_fr="A")
    thematic = province.plan(name_fr="B", is_home=False, is_open=True)
    (person,) = province.people(1)
    province.invite(thematic, person)
    assert names(province, "state=planned", "communities") == names(province, "is_home=true", "communities") == ["A"]
    assert names(province, "state=forming&is_home=false&is_open=true", "communities") == ["B"]


def test_a_list_out_of_reach_looks_like_one_of_no_delegation_and_an_empty_one_is_empty(peopled):
    with peopled.driven.sessions.transaction() as session:
        session.add(empty := Delegation.register(code="Rabat", name_fr="Rabat", name_ar="الرباط"))
        empty_id = empty.id
    elsewhere = peopled.outsiders[0]
    for what in ("principals", "schools", "communities"):
        nowhere = peopled.ministry.get(f"/v1/delegations/{uuid4()}/{what}")
        hidden = [elsewhere.get(f"/v1/delegations/{id}/{what}") for id in (peopled.delegation_id, empty_id, uuid4())]
        assert {(each.status_code, each.json["code"]) for each in (nowhere, *hidden)} == {(404, "delegation.not_found")}
        assert peopled.ministry.get(f"/v1/delegations/{empty_id}/{what}").json == {"items": [], "next": None}


def test_a_page_of_a_sorted_list_is_read_from_an_index(postgres_province):
    """However long the list, and however far in it."""
    driven, here = postgres_province.driven, postgres_province.delegation_id
    page = listed(postgres_province, "principals", "sort=name_fr").json
    assert page["items"] == []
    with driven.sessions.transaction() as session:
        session.add_all(new_principal(here, name_fr=f"N{number:04}") for number in range(1500))
    with driven.sessions.transaction() as session:
        session.connection().exec_driver_sql("ANALYZE")
    asked = []
    event.listen(driven.app.sessions.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    after = listed(postgres_province, "principals", "sort=name_fr&limit=20").json["next"]
    deep = listed(postgres_province, "principals", f"sort=name_fr&limit=20&after={after}")
    assert [item["name_fr"] for item in deep.json["items"]] == [f"N{number:04}" for number in range(20, 40)]
    assert len(asked) == 4, asked  # each page, and its entry in the audit trail
    statement, values = next(told for told in reversed(asked) if "folded_fr" in told[0])
    with driven.sessions.reader() as session:
        plan = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
    assert "ix_principal_by_folded_fr" in plan, plan
    assert "Sort" not in plan, plan


def test_names_are_folded_however_they_come_in():
    principal = new_principal(name_fr="Élodie", name_ar="أحمد")
    assert (principal.folded_fr, principal.folded_ar) == ("elodie", "احمد")
    principal.correct(name_fr="Ïsaac")
    assert principal.folded_fr == "isaac"
    principal.erase([], now=datetime.now(UTC))
    assert "isaac" not in principal.folded_fr
