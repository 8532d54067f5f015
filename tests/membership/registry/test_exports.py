"""Lists as files: what a spreadsheet shows, in the reader's language; nothing that it would run; every reader known."""

import csv
import io
from datetime import date
from itertools import product

import pytest
from importing import done, faults_of, start
from openpyxl import load_workbook
from peers import new_principal
from sqlalchemy import event, func, select

from shared.domain.audit import AuditEntry, AuditPerson

pytestmark = pytest.mark.both_databases


def fetched(province, what, query="", language="fr"):
    path = f"/v1/delegations/{province.delegation_id}/{what}{query}"
    return province.officer.get(path, headers={"Accept-Language": language})


def rows(answer):
    assert answer.status_code == 200, answer.json
    assert answer.data.startswith(b"\xef\xbb\xbf")  # else spreadsheets break accents and Arabic
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def cells(answer):
    return [list(row) for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)]


def enter(province, *people):
    with province.driven.sessions.transaction() as session:
        session.add_all(new_principal(province.delegation_id, **person) for person in people)


def test_principals_as_csv_and_xlsx_narrowed_down_and_sorted_as_the_pages_are(province):
    enter(
        province,
        {"name_fr": "Zahra", "name_ar": "زهرة", "ppr": "1001", "phone": "+212600000000"},
        {"name_fr": "Élodie", "name_ar": "إيلودي", "ppr": "1002", "appointed_on": date(2010, 9, 1)},
        {"name_fr": "Driss", "gender": "male", "ppr": "1003"},
    )
    query = "?sort=name_fr&gender=female"
    answer = fetched(province, "principals.csv", query)
    header, *lines = rows(answer)
    assert header[:4] == ["PPR", "Nom en français", "Nom en arabe", "Sexe"]
    assert [line[0] for line in lines] == ["1002", "1001"]
    assert lines[0][1:5] == ["Élodie", "إيلودي", "féminin", "primaire"]
    assert lines[0][-1] == "2010-09-01"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="principals.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    header, *lines = cells(fetched(province, "principals.xlsx", query, "ar"))
    assert header[:4] == ["رقم التأجير", "الاسم بالفرنسية", "الاسم بالعربية", "الجنس"]
    assert [line[3] for line in lines] == ["أنثى", "أنثى"]
    assert rows(fetched(province, "principals.csv", "", "en"))[0][1] == "Name in French"


def test_what_a_spreadsheet_would_run_comes_out_as_text(province):
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]
    enter(province, *({"name_fr": text, "ppr": str(place)} for place, text in enumerate(evil)))
    for answer in (rows(fetched(province, "principals.csv")), cells(fetched(province, "principals.xlsx"))):
        names = [line[1] for line in answer[1:]]
        assert len(names) == len(evil)
        assert all(name.startswith("'") for name in names), names


def test_a_file_is_written_a_page_at_a_time_and_every_person_in_it_is_in_the_trail(province):
    enter(province, *({"name_fr": f"N{number}", "ppr": str(number)} for number in range(450)))
    asked = []
    event.listen(province.driven.app.sessions.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert len(rows(fetched(province, "principals.csv"))) == 451
    assert sum("FROM principal" in statement for statement in asked) == 3
    with province.driven.sessions.reader() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.verb == "export_principals_csv")).all()
        named = session.scalar(select(func.count()).where(AuditPerson.entry_id == entry.id))
        assert (entry.person_count, named) == (450, 450)


def test_schools_and_communities_as_files(province):
    province.plan(name_fr="Atlas", is_home=False, is_open=True, theme_fr="Lecture")
    header, school = rows(fetched(province, "schools.csv", "?vacant=true"))
    assert (header[0], school[:4]) == ("Code (GRESA)", ["15395H", "15395H", "primaire", ""])
    assert rows(fetched(province, "schools.csv", "?vacant=false")) == [header]
    assert len(cells(fetched(province, "schools.xlsx"))) == 2
    _, community = rows(fetched(province, "communities.csv"))
    assert community == ["Atlas", "جماعة الأطلس", "en préparation", "non", "oui", "Lecture", "", ""]
    assert cells(fetched(province, "communities.xlsx", "?state=active")) == [
        ["Nom en français", "Nom en arabe", "État", "Communauté territoriale", "Ouverte aux demandes de l’académie",
         "Thématique en français", "Thématique en arabe", "Fin du mandat"]
    ]  # fmt: skip


def test_an_exported_list_can_be_sent_again_in_any_language_and_changes_nothing(province):
    """By the mapping that is proposed for it; also what was made harmless for spreadsheets is what it was."""
    people = (
        {"phone": "+212 6 00 00 00 00"},
        {"name_fr": "=1+1", "gender": "male", "language": "fr"},
        {"phone": "'-1"},
    )
    enter(province, *({"ppr": str(1001 + place)} | person for place, person in enumerate(people)))
    header = "code,main_code,cycle,setting,name_fr,name_ar,longitude,latitude\n"
    rows = ["U1,U1,primary,urban,A,أ,-4.5,34", "R1,U1,primary,rural,@B,ب,,", "E1,,lower_secondary,remote,C,ج,,"]
    assert province.send("schools", header + "\n".join(rows)).json["created"] == 3
    for kind, ending, language in product(("principals", "schools"), ("csv", "xlsx"), ("fr", "ar", "en")):
        content = fetched(province, f"{kind}.{ending}", "", language).data
        form = {"file": (io.BytesIO(content), "list"), "kind": kind}
        shown = province.officer.post("/v1/imports/preview", data=form, content_type="multipart/form-data").json
        asked = start(province, content, kind=kind, mapping=shown["mapping"], dry_run="true")
        checked = done(province, asked)
        assert checked["state"] == "checked", (kind, ending, language, faults_of(province, asked), checked["refusal"])
        assert (checked["unchanged"], checked["rows"] >= 3) == (checked["rows"], True), (kind, ending, language)
