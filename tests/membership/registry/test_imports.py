"""Files of schools and principals: what is taken over, what is told, and that it is all or nothing."""

from datetime import date

import pytest

from shared.domain.actor import Role
from shared.events import PrincipalRegistered, SchoolRegistered

pytestmark = pytest.mark.both_databases

HEADER = "cd_etab,cd_etab_rattachement,cycle,nom_fr,nom_ar,lon,lat\n"
SCHOOLS = (
    HEADER
    + "15442J,15442J,primaire,ECOLE OUED LAHMA,مدرسة واد الحمى,-4.67871,34.49924\n"
    + "20361F,15442j,primaire,KHMALCHA,الخمالشة,-4.62844,34.53094\n"
    + "20369P,20369p,collegial,COLLEGE EL ACHAICH,إعدادية العشايش,,\n"
    + "20370Q,20370Q,qualifiant,LYCEE,ثانوية,,\n"
)
PEOPLE = (
    "ppr,school_code,name_fr,name_ar,gender,email,phone,language,appointed_on\n"
    "1001,15442j,Rachida Meknassi,رشيدة المكناسي,F,rachida@example.org,0600000001,ar,2019-09-01\n"
    "1002,20369P,Brahim Ouali,إبراهيم الوالي,M,brahim@example.org,,fr,2008-09-01\n"
)


def report(rows: int, created: int = 0, changed: int = 0, unchanged: int = 0, dry_run: bool = False) -> dict:
    counts = {"created": created, "changed": changed, "unchanged": unchanged}
    return {"rows": rows, **counts, "dry_run": dry_run, "remarks": []}


@pytest.fixture
def filled(province, ministry_columns):
    assert province.send("schools", SCHOOLS, mapping=ministry_columns).json == report(4, created=4)
    return province


def test_a_file_in_the_ministrys_columns_becomes_schools(filled):
    schools = filled.stored("schools")
    assert set(schools) == {"15395H", "15442J", "20361F", "20369P", "20370Q"}
    shown = {name: value for name, value in schools["20361F"].items() if name != "id"}
    assert shown == {
        "code": "20361F",
        "main_code": "15442J",
        "cycle": "primary",
        "setting": None,
        "name_fr": "KHMALCHA",
        "name_ar": "الخمالشة",
        "longitude": -4.62844,
        "latitude": 34.53094,
        "zone_id": None,
        "closed_on": None,
    }
    assert [schools[code]["cycle"] for code in ("20369P", "20370Q")] == ["lower_secondary", "upper_secondary"]
    names = {event.code: (event.main_code, event.name_ar) for event in filled.driven.told(SchoolRegistered)[1:]}
    assert names == {code: (s["main_code"], s["name_ar"]) for code, s in schools.items() if code != "15395H"}


def test_a_file_of_principals_takes_the_cycle_from_the_school(filled):
    assert filled.send("principals", PEOPLE).json == report(2, created=2)
    people = filled.stored("principals")
    assert (people["1001"]["school_code"], people["1001"]["cycle"]) == ("15442J", "primary")
    assert (people["1002"]["cycle"], people["1002"]["phone"]) == ("lower_secondary", None)
    assert filled.driven.told(PrincipalRegistered)[1] == PrincipalRegistered(
        principal_id=filled.driven.told(PrincipalRegistered)[1].principal_id,
        delegation_id=filled.delegation_id,
        school_code="20369P",
        cycle="lower_secondary",
        name_fr="Brahim Ouali",
        name_ar="إبراهيم الوالي",
        gender="male",
        language="fr",
        email="brahim@example.org",
        appointed_on=date(2008, 9, 1),
    )


def test_importing_twice_leaves_all_as_it_is_and_tells_nothing(filled, ministry_columns):
    filled.send("principals", PEOPLE)
    told = len(filled.driven.told())
    assert filled.send("schools", SCHOOLS, mapping=ministry_columns).json == report(4, unchanged=4)
    assert filled.send("principals", PEOPLE).json == report(2, unchanged=2)
    assert len(filled.driven.told()) == told


def test_a_correction_is_taken_over_and_told_once(filled, ministry_columns):
    corrected = SCHOOLS.replace("الخمالشة", "أولاد الخمالشة")
    told = len(filled.driven.told())
    for expected in (report(4, changed=1, unchanged=3), report(4, unchanged=4)):
        assert filled.send("schools", corrected, mapping=ministry_columns).json == expected
    (correction,) = filled.driven.told()[told:]
    assert (correction.code, correction.name_ar) == ("20361F", "أولاد الخمالشة")


def test_a_dry_run_reports_the_same_and_changes_nothing(filled, ministry_columns):
    mixed = SCHOOLS.replace("KHMALCHA", "OULAD KHMALCHA") + "30000Z,15442J,primaire,NEUVE,جديدة,,\n"
    before, told = filled.stored("schools"), filled.driven.told()
    trial = filled.send("schools", mixed, mapping=ministry_columns, dry_run=True)
    assert trial.json == report(5, created=1, changed=1, unchanged=3, dry_run=True)
    assert (filled.stored("schools"), filled.driven.told()) == (before, told)
    assert filled.send("schools", mixed, mapping=ministry_columns).json == trial.json | {"dry_run": False}
    assert len(filled.driven.told()) == len(told) + 2


def test_a_dry_run_of_a_bad_file_reports_the_same_faults(filled, ministry_columns):
    bad = SCHOOLS.replace("primaire", "maternelle")
    trial = filled.send("schools", bad, mapping=ministry_columns, dry_run=True)
    assert trial.status_code == 422
    assert trial.json == filled.send("schools", bad, mapping=ministry_columns).json


def test_one_bad_row_in_three_hundred_and_nothing_is_imported(province):
    rows = [f"A{number:04},primary,Ecole {number},مدرسة {number}" for number in range(300)]
    header, told = "code,cycle,name_fr,name_ar\n", len(province.driven.told())
    bad = header + "\n".join([*rows[:-1], rows[-1].replace("primary", "prim")])
    refused = province.send("schools", bad)
    assert (refused.status_code, [fault["line"] for fault in refused.json["errors"]]) == (422, [301])
    assert (set(province.stored("schools")), len(province.driven.told())) == ({"15395H"}, told)
    assert province.send("schools", header + "\n".join(rows)).json == report(300, created=300)
    assert len(province.stored("schools")) == 301
    assert len(province.driven.told()) == told + 300


def test_what_the_file_has_no_column_for_stays_as_it_is(filled):
    names_only = "code,cycle,name_fr,name_ar\n20361F,primary,KHMALCHA,الخمالشة الجديدة\n"
    assert filled.send("schools", names_only).json == report(1, changed=1)
    school = filled.stored("schools")["20361F"]
    assert (school["main_code"], school["longitude"], school["name_ar"]) == ("15442J", -4.62844, "الخمالشة الجديدة")


def test_an_empty_cell_empties_what_may_be_empty(filled, ministry_columns):
    filled.send("schools", SCHOOLS.replace("-4.67871", ""), mapping=ministry_columns)
    filled.send("schools", SCHOOLS.replace(",15442j,", ",,"), mapping=ministry_columns)
    schools = filled.stored("schools")
    assert (schools["15442J"]["longitude"], schools["20361F"]["main_code"]) == (-4.67871, "20361F")
    filled.send("schools", SCHOOLS.replace("-4.67871", ""), mapping=ministry_columns)
    assert filled.stored("schools")["15442J"]["longitude"] is None


def test_the_kind_of_a_school_overrules_its_attachment_and_that_is_remarked_on(province):
    file = (
        "code,main_code,type,cycle,name_fr,name_ar\n"
        "A1,a1,مركز المجموعة المدرسية,primaire,Centre,مركز\n"
        "B2,a1,فرعية,primaire,Satellite,فرعية\n"
        "C3,nowhere,مدرسة مستقلة,primaire,Seule,مستقلة\n"
    )
    done = province.send("schools", file, mapping={"kind": "type"}).json
    told = [(remark["line"], remark["field"], remark["value"], remark["code"]) for remark in done["remarks"]]
    assert told == [(4, "main_code", "nowhere", "import.taken_as_main")]
    main = {code: school["main_code"] for code, school in province.stored("schools").items() if code != "15395H"}
    assert main == {"A1": "A1", "B2": "A1", "C3": "C3"}


def test_arabic_is_kept_letter_by_letter_without_what_nobody_sees(province):
    names = ["\ufefc\u0627\u0640\u0640\u064e", "\u0627\u0653", "\u0622", "مدرسة\u200fأ", "\ufdfa"]  # not normalised
    rows = [f"N{number},primary,Ecole,{name}" for number, name in enumerate(names)]
    assert province.send("schools", "code,cycle,name_fr,name_ar\n" + "\n".join(rows)).status_code == 200
    stored = province.stored("schools")
    assert [stored[f"N{number}"]["name_ar"] for number in range(len(names))] == [*names[:3], "مدرسةأ", names[4]]


def test_words_are_understood_with_their_accents_however_they_are_written(province):
    words = ["collégial", "colle\u0301gial", "COLLEGIAL", " collegial ", "lower_secondary", "الإعدادي"]
    rows = [f"W{number},{word},urbain,Ecole,مدرسة" for number, word in enumerate(words)]
    assert province.send("schools", "code,cycle,setting,name_fr,name_ar\n" + "\n".join(rows)).status_code == 200
    stored = province.stored("schools")
    assert {stored[f"W{number}"]["cycle"] for number in range(len(words))} == {"lower_secondary"}
    assert stored["W0"]["setting"] == "urban"


def test_the_portal_and_the_ministry_import_for_a_delegation(filled, ministry_columns):
    for caller in (filled.portal, filled.ministry):
        done = filled.send("schools", SCHOOLS, mapping=ministry_columns, by=caller)
        assert done.json == report(4, unchanged=4)


def test_an_import_sent_twice_with_one_key_is_answered_alike(province):
    key, boundary = {"Idempotency-Key": "schools of 2026"}, "multipart/form-data; boundary=b"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
        b"code,cycle,name_fr,name_ar\nA1,primary,A,B\n\r\n--b--\r\n"
    )
    path = f"/v1/delegations/{province.delegation_id}/schools/import"
    officer = province.driven.call(Role.DELEGATION_OFFICER, id="rabia", unit_id=province.delegation_id)
    answers = [officer.post(path, data=body, content_type=boundary, headers=dict(key)) for _ in range(2)]
    assert [answer.json for answer in answers] == [report(1, created=1)] * 2
