"""Files that a job reads: all of it comes in, or nothing; what was wrong is told to people who can mend it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from importing import PEOPLE, SCHOOL_COLUMNS, SCHOOLS, done, faults_of, start, xlsx
from openpyxl import load_workbook
from sqlalchemy import func, select

from membership.organisation.model.organisation import Delegation, School
from membership.people.model.people import Principal
from membership.registry.model import ImportPart
from membership.registry.use_cases.import_files import delete_import_files
from shared.domain.actor import Role
from shared.domain.audit import AuditEntry, AuditPerson
from shared.domain.folding import fold
from shared.events import PrincipalRegistered, SchoolRegistered

pytestmark = pytest.mark.both_databases


def parts_kept(province):
    with province.driven.sessions.reader() as session:
        return session.scalar(select(func.count()).select_from(ImportPart))


def test_lists_come_in_by_a_saved_mapping_and_a_second_time_nothing_changes(province):
    saved = {"kind": "schools", "columns": SCHOOL_COLUMNS}
    assert province.officer.put("/v1/mappings/ministry", saved).status_code == 403  # everybody's is the Ministry's
    assert province.ministry.put("/v1/mappings/ministry", saved).status_code == 200
    asked = start(province, SCHOOLS.encode("windows-1256"), mapping="ministry")
    assert (asked.status_code, asked.json["state"], asked.headers["Location"]) == (
        202,
        "received",
        f"imports/{asked.json['id']}",
    )
    shown = done(province, asked)
    assert (shown["state"], shown["rows"], shown["created"], shown["progress"]["state"]) == ("done", 3, 3, "done")
    of_sheets = {"sheet": None, "sheets": [], "date_formats": {}}
    assert shown["found"] == {"format": "csv", "encoding": "windows-1256", "delimiter": ";", **of_sheets}
    school = province.stored("schools")["20361F"]
    assert (school["name_ar"], school["longitude"], school["main_code"]) == ("الخمالشة", -4.62844, "15442J")

    people = done(province, start(province, PEOPLE, kind="principals"))
    assert (people["created"], people["found"]["date_formats"]["appointed_on"]) == (2, "dd/mm/yyyy")
    assert province.driven.told(PrincipalRegistered)[0].appointed_on.isoformat() == "2019-09-21"
    told, versions = len(province.driven.told()), province.stored("principals")
    for content, kind, mapping in ((SCHOOLS.encode(), "schools", "ministry"), (PEOPLE, "principals", None)):
        again = done(province, start(province, content, kind=kind, mapping=mapping))
        assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, again["rows"])
    assert (len(province.driven.told()), province.stored("principals"), parts_kept(province)) == (told, versions, 0)
    with province.driven.sessions.reader() as session:
        entries = session.execute(
            select(AuditEntry.thing_id, AuditEntry.person_count).where(AuditEntry.verb == "start_import")
        ).all()
        named = session.scalars(select(AuditPerson.person_id)).all()
        listed = [*session.scalars(select(School)), *session.scalars(select(Principal))]
        folded = {(one.folded_fr == fold(one.name_fr), one.folded_ar == fold(one.name_ar)) for one in listed}
    assert (len(listed), folded) == (6, {(True, True)})  # a search finds them
    assert (people["id"], 2) in {tuple(entry) for entry in entries}
    assert {str(id) for id in named} >= {person["id"] for person in versions.values()}


def test_a_file_with_faults_changes_nothing_and_comes_back_with_its_reasons(province):
    wrong = SCHOOLS.replace("20361F;15442j;primaire", "20361F;NOWHERE;maternelle").replace(
        "Ecole", "=HYPERLINK(1)Ecole"
    )
    for name, content in (("csv", wrong.encode()), ("xlsx", xlsx(wrong))):
        told = len(province.driven.told())
        asked = start(province, content, mapping=SCHOOL_COLUMNS)
        shown = done(province, asked)
        assert (shown["state"], shown["refused"], shown["faults"], shown["has_file"]) == ("refused", 1, 2, True)
        assert (len(province.driven.told()), set(province.stored("schools"))) == (told, {"15395H"})
        found = faults_of(province, asked)
        assert [(fault["line"], fault["field"], fault["value"]) for fault in found] == [
            (3, "cycle", "maternelle"),
            (3, "cd_etab_rattachement", "NOWHERE"),
        ]
        assert [{**fault, "reason": ""} for fault in shown["first_faults"]] == [
            {"line": 3, "field": fault["field"], "code": fault["code"], "reason": ""} for fault in found
        ]
        in_french = province.officer.get(f"/v1/imports/{asked.json['id']}", headers={"Accept-Language": "fr"}).json
        assert in_french["first_faults"][1]["reason"].startswith("Aucun")
        report = province.officer.get(f"/v1/imports/{asked.json['id']}/report", headers={"Accept-Language": "fr"})
        assert (report.status_code, report.headers["Cache-Control"]) == (200, "no-store")
        rows = rows_of(report, name)
        assert rows[0] == [*SCHOOLS.splitlines()[0].split(";"), "À corriger"]
        assert rows[1][3].startswith("'=HYPERLINK") and not rows[1][7]
        assert rows[2][:3] == ["20361F", "NOWHERE", "maternelle"] and "cd_etab_rattachement: Aucun" in rows[2][7]
    with province.driven.sessions.transaction() as session:
        assert delete_import_files(session, datetime.now(UTC) + timedelta(seconds=1), 50) == 2
    assert parts_kept(province) == 0
    gone = province.officer.get(f"/v1/imports/{asked.json['id']}/report")
    assert (gone.status_code, gone.json["code"]) == (409, "import.no_report")
    assert {fault["value"] for fault in faults_of(province, asked)} == {""}


def rows_of(report, name):
    if name == "csv":
        text = report.data.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    sheet = load_workbook(io.BytesIO(report.data)).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_whoever_is_erased_is_in_no_file_that_is_kept(province):
    (rachida,) = province.people(1, ppr="1001", name_fr="Rachida Meknassi", name_ar="رشيدة المكناسي")
    wrong = PEOPLE.replace("@example.org", " at example.org")
    other = start(province, SCHOOLS.encode(), mapping=SCHOOL_COLUMNS, dry_run="true")  # that it names nobody, who knows
    national = start(province, wrong, kind="principals", by=province.ministry, delegation_id=None, mapping=None)
    refused = start(province, wrong, kind="principals")
    assert done(province, refused)["has_file"]
    late = start(province, wrong, kind="principals")
    erased = province.officer.post(f"/v1/principals/{rachida}/erase", {"reason": "own_wish"})
    assert (erased.status_code, parts_kept(province)) == (200, 1)  # that of the job which has not begun
    assert [done(province, one, by=province.ministry)["has_file"] for one in (other, national, refused, late)] == [
        False
    ] * 4
    assert parts_kept(province) == 0
    for asked in (refused, late):
        assert {(fault["field"], fault["value"]) for fault in faults_of(province, asked)} >= {("email", "")}
        assert not any(fault["value"] for fault in faults_of(province, asked))


def test_a_dry_run_counts_and_leaves_no_trace(province):
    told = len(province.driven.told())
    shown = done(province, start(province, SCHOOLS.encode(), mapping=SCHOOL_COLUMNS, dry_run="true"))
    assert (shown["state"], shown["created"]) == ("checked", 3)
    assert (len(province.driven.told()), set(province.stored("schools"))) == (told, {"15395H"})


def test_who_calls_it_back_in_time_changes_nothing(province):
    asked = start(province, SCHOOLS.encode(), mapping=SCHOOL_COLUMNS)
    path = f"/v1/imports/{asked.json['id']}"
    assert province.outsiders[0].delete(path).status_code == 404
    assert province.officer.delete(path).json["state"] == "cancelled"
    assert done(province, asked)["state"] == "cancelled"
    assert (set(province.stored("schools")), parts_kept(province)) == ({"15395H"}, 0)
    assert province.officer.delete(path).json["code"] == "import.wrong_state"
    assert [one["state"] for one in province.officer.get("/v1/imports").json["items"]] == ["cancelled"]
    assert province.outsiders[0].get("/v1/imports").json["items"] == []


def test_the_whole_countrys_file_names_the_delegation_of_each_row(province):
    with province.driven.sessions.transaction() as session:
        session.add_all(Delegation.register(code=code, name_fr=code, name_ar=code) for code in ("FES", "TAZA"))
    rows = ["delegation_code,code,main_code,cycle,name_fr,name_ar", "FES,F1,F1,primary,A,أ", "TAZA,T1,T1,primary,A,أ"]
    rows += ["TAZA,T2,F1,primary,A,أ", "NOWHERE,N1,N1,primary,A,أ", "FES,F1,F1,primary,A,أ"]
    assert start(province, "\n".join(rows), delegation_id=None).status_code == 404
    asked = start(province, "\n".join(rows), by=province.ministry, delegation_id=None)
    assert done(province, asked, by=province.ministry)["state"] == "refused"
    assert [(fault["line"], fault["code"]) for fault in faults_of(province, asked, by=province.ministry)] == [
        (2, "import.row_twice"),
        (4, "import.no_main_school"),
        (5, "import.no_such_delegation"),
        (6, "import.row_twice"),
    ]
    right = start(province, "\n".join(rows[:3]), by=province.ministry, delegation_id=None)
    assert done(province, right, by=province.ministry)["created"] == 2
    assert len({event.delegation_id for event in province.driven.told(SchoolRegistered)}) == 3


def test_what_is_right_when_judged_and_wrong_when_entered_is_judged_again(province, monkeypatch):
    """Somebody enters a school of the file elsewhere, between the judgement and the last step."""
    from membership.registry.use_cases import importing

    conclude, moments = importing._conclude, []

    def meanwhile(session, asked, *more):
        if not moments:
            moments.append("once")
            raise importing._Overtaken
        return conclude(session, asked, *more)

    monkeypatch.setattr(importing, "_conclude", meanwhile)
    assert done(province, start(province, SCHOOLS.encode(), mapping=SCHOOL_COLUMNS))["created"] == 3
    assert moments == ["once"]


def test_an_unknown_file_is_shown_with_a_proposal(sqlite_province):
    file = "GRESA;Établissement mère;Cycle;NOM_ETABL;NOM_ETABA\nA1;A1;primaire;École;مدرسة الأطلس\n"
    form = {"file": (io.BytesIO(file.encode("utf-16")), "liste.xls"), "kind": "schools"}
    shown = sqlite_province.officer.post("/v1/imports/preview", data=form, content_type="multipart/form-data")
    assert shown.status_code == 200, shown.text
    of_a_workbook = {"sheet": None, "sheets": [], "date_formats": {}}
    assert shown.json["found"] == {"format": "csv", "encoding": "utf-16", "delimiter": ";"} | of_a_workbook
    assert shown.json["mapping"] == {"code": "GRESA", "cycle": "Cycle", "name_fr": "NOM_ETABL", "name_ar": "NOM_ETABA"}
    assert sqlite_province.driven.call(Role.PRINCIPAL).get("/v1/imports").status_code == 403


def test_a_mapping_belongs_to_a_delegation_or_to_everybody(sqlite_province):
    own = f"/v1/mappings/own?delegation_id={sqlite_province.delegation_id}"
    wish = {"kind": "principals", "columns": {"ppr": "SOM"}, "reading": {"date_format": "dd/mm/yyyy"}}
    made = sqlite_province.officer.put(own, wish)
    assert (made.status_code, made.json["reading"]["date_format"]) == (200, "dd/mm/yyyy")
    assert sqlite_province.officer.put(own, wish).json["code"] == "request.precondition_required"
    changed = sqlite_province.officer.put(own, wish | {"columns": {"ppr": "PPR"}}, seen=made)
    assert changed.json["columns"] == {"ppr": "PPR"}
    assert sqlite_province.outsiders[0].get(own).status_code == 404
    assert [one["name"] for one in sqlite_province.officer.get("/v1/mappings").json["items"]] == ["own"]
    unknown = sqlite_province.officer.put(own, wish | {"columns": {"pprs": "x"}}, seen=changed)
    assert unknown.json["code"] == "import.bad_mapping"
    assert sqlite_province.officer.delete(own, seen=changed).status_code == 204
    refused = start(sqlite_province, PEOPLE, kind="principals", mapping="own")
    assert refused.json["code"] == "import.no_such_mapping"
