"""Files that are wrong: all that is wrong is told at once, in the file's own words, and nothing is imported."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from membership.organisation.model.organisation import School
from membership.organisation.model.standing import Standing

COLUMNS = "code,main_code,cycle,name_fr,name_ar\n"
GOOD = "A1,A1,primary,A,B\n"


def faults_of(answer) -> list[tuple]:
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), answer.text
    assert answer.json["code"] == "import.rows_wrong"
    return [(fault["line"], fault.get("field"), fault.get("value")) for fault in answer.json["errors"]]


def refusal_of(answer) -> str:
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), answer.text
    return answer.json["code"]


def send_bad(province, what, content, **more):
    """Sends what must change nothing and tell nobody."""
    before = (province.driven.told(), province.stored(what))
    answer = province.send(what, content, **more)
    assert (province.driven.told(), province.stored(what)) == before
    return answer


def test_every_fault_is_told_at_once_with_the_files_own_column_names(province, ministry_columns):
    file = (
        "cd_etab,cd_etab_rattachement,cycle,nom_fr,nom_ar,lon,lat\n"
        "15442J,15442J,maternelle,,مدرسة,-4.6,134\n"  # cycle, name, latitude
        "15442j,15442J,primaire,DOUBLE,مكررة,,\n"  # twice, with line 2
        "20361F,15442J,primaire,BIEN,جيدة,east,\n"  # longitude; its main school is there, though faulty
        "20369P,99999Z,primaire,PERDUE,ضائعة,,\n"  # no such main school
        f",15442J,primaire,{'x' * 201},اسم,,\n"  # no code, name too long
    )
    answer = send_bad(province, "schools", file, mapping=ministry_columns)
    assert sorted(faults_of(answer)) == [
        (2, "cd_etab", "15442J"),
        (2, "cycle", "maternelle"),
        (2, "lat", "134"),
        (2, "nom_fr", ""),
        (3, "cd_etab", "15442j"),
        (4, "lon", "east"),
        (5, "cd_etab_rattachement", "99999Z"),
        (6, "cd_etab", ""),
        (6, "nom_fr", "x" * 200),
    ]
    assert answer.json["detail"].endswith(": 9.")
    assert all(fault["reason"] for fault in answer.json["errors"])


def test_faults_of_principals_are_told_with_the_files_own_column_names(province):
    header = "ppr,etab,name_fr,name_ar,gender,email,language,appointed_on\n"
    rows = [
        "1,15395H,Rachida,رشيدة,F,rachida@example.org,ar,2019-09-01",
        "2,15395h,Brahim,إبراهيم,X,brahim at example.org,de,01/09/2019",
        "3,NOWHERE,Amina,أمينة,F,amina@example.org,fr,2019-02-30",
        "1,15395H,Double,مكرر,M,double@example.org,fr,2019-09-01",
    ]
    answer = send_bad(province, "principals", header + "\n".join(rows), mapping={"school_code": "etab"})
    assert sorted(faults_of(answer)) == [
        (2, "ppr", "1"),
        (3, "appointed_on", "01/09/2019"),
        (3, "email", "brahim at example.org"),
        (3, "gender", "X"),
        (3, "language", "de"),
        (4, "appointed_on", "2019-02-30"),
        (4, "etab", "NOWHERE"),
        (5, "ppr", "1"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.empty_file"),
        (b"\n\n", "import.empty_file"),
        (b"\xef\xbb\xbf", "import.no_columns"),
        (b"name_fr,name_ar\nA,B\n", "import.no_columns"),
        ("code,cycle,name_fr,name_ar\nA1,primary,Ecole \xe9l\xe9mentaire,B".encode("latin-1"), "import.not_utf8"),
        ("code,cycle,name_fr,name_ar\n".encode("utf-16"), "import.not_utf8"),
        (b'code,cycle,name_fr,name_ar\nA1,primary,"A"x,B\n', "import.not_csv"),
        (b'code,cycle,name_fr,name_ar\nA1,primary,"A,B\n', "import.not_csv"),
        (b'"code"x,cycle,name_fr,name_ar\n', "import.not_csv"),
        (b"code," + b"c" * 140_000 + b"\n", "import.cell_too_long"),
        (b"code,cycle,name_fr,name_fr,name_ar\nA1,primary,A,A,B\n", "import.columns_twice"),
        (b"PK\x03\x04\x14\x00\x06\x00", "import.not_xlsx"),
    ],
)
def test_what_is_no_file_of_rows_is_refused_as_such(sqlite_province, content, code):
    assert refusal_of(send_bad(sqlite_province, "schools", content)) == code


def test_the_line_that_is_not_utf8_or_no_csv_is_named(province):
    not_utf8 = send_bad(province, "schools", COLUMNS.encode() + GOOD.encode() + b"A2,,primary,\xe9,B\n")
    assert (refusal_of(not_utf8), not_utf8.json["detail"][-4:]) == ("import.not_utf8", ": 3.")
    not_csv = send_bad(province, "schools", COLUMNS + GOOD + 'A2,,primary,"never closed,B\n\n\n')
    assert (refusal_of(not_csv), not_csv.json["detail"][-4:]) == ("import.not_csv", ": 3.")


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ("{", "import.bad_mapping"),
        ("[]", "import.bad_mapping"),
        ("[" * 4900, "import.bad_mapping"),
        ("9" * 4900, "import.bad_mapping"),
        ({"codes": "code"}, "import.bad_mapping"),
        ({"code": None}, "import.bad_mapping"),
        ({"main_code": "cd_etab_ratachement"}, "import.no_columns"),
        ('{"code": "\\ud800"}', "import.no_columns"),
        ("x" * 5001, "request.invalid"),
    ],
)
def test_a_mapping_names_our_columns_and_columns_of_the_file(sqlite_province, mapping, code):
    assert refusal_of(send_bad(sqlite_province, "schools", COLUMNS + GOOD, mapping=mapping)) == code


def test_a_satellite_needs_a_main_school(province):
    file = "code,main_code,kind,cycle,name_fr,name_ar\nA1,,satellite,primary,A,B\nA2,A2,فرعية,primary,A,B\n"
    assert faults_of(send_bad(province, "schools", file)) == [(2, "main_code", ""), (3, "main_code", "A2")]


def test_a_satellite_of_a_satellite_is_refused(province):
    file = COLUMNS + "S1,15395H,primary,A,B\nS2,S1,primary,A,B\n"
    assert faults_of(send_bad(province, "schools", file)) == [(3, "main_code", "S1")]


def test_a_main_school_does_not_become_a_satellite_while_it_has_satellites(province):
    province.send("schools", COLUMNS + "S1,15395H,primary,A,B\n" + GOOD)
    moved = COLUMNS + "15395H,A1,primary,A,B\n"
    assert faults_of(send_bad(province, "schools", moved)) == [(2, "main_code", "A1")]
    in_one = COLUMNS + "15395H,A1,primary,A,B\nS1,15395H,primary,A,B\n"
    assert faults_of(send_bad(province, "schools", in_one)) == [(3, "main_code", "15395H")]
    assert province.send("schools", COLUMNS + "15395H,A1,primary,A,B\nS1,A1,primary,A,B\n").status_code == 200


def test_a_row_with_too_many_cells_is_told_not_cut(province):
    file = COLUMNS + GOOD.replace("A1,A1", "A9,A9") + "A2,A2,primary,Ecole, au nord,B\n"
    answer = send_bad(province, "schools", file)
    assert faults_of(answer) == [(3, None, "B")]


def test_a_nul_is_refused_wherever_it_stands(province):
    file = COLUMNS + "N\x001,,primary,A,B\nN2,,prim\x00ary,A,B\nN3,,primary,A\x00,B\nN4,N\x004,primary,A,B\n"
    found = [(line, field) for line, field, _ in faults_of(send_bad(province, "schools", file))]
    assert found == [(2, "code"), (3, "cycle"), (4, "name_fr"), (5, "main_code")]
    header = "ppr,school_code,name_fr,name_ar,gender,email,phone,language,appointed_on\n"
    person = "1,15395H,A,B,F,a\x00@example.org,0\x006,ar,2019-09-01\n"
    assert {field for _, field, _ in faults_of(send_bad(province, "principals", header + person))} == {"email", "phone"}


def test_of_a_thousand_and_more_faults_the_first_thousand_are_told(province):
    answer = send_bad(province, "schools", COLUMNS + "A1,,prim,A,B\n" * 700)
    assert answer.json["detail"].endswith(": 1400.")
    assert len(answer.json["errors"]) == 1000


@pytest.mark.parametrize("form", [{}, {"file": "code,cycle"}, {"mapping": "{}"}])
def test_without_a_file_nothing_is_imported(sqlite_province, form):
    path = f"/v1/delegations/{sqlite_province.delegation_id}/schools/import"
    answer = sqlite_province.officer.post(path, data=form, content_type="multipart/form-data")
    assert (answer.status_code, [fault["field"] for fault in answer.json["errors"]]) == (422, ["file"])


def test_a_file_of_more_than_32_megabytes_is_refused_unread(province):
    body, form = b"x" * (32 * 1024 * 1024 + 1), "multipart/form-data; boundary=b"
    answer = province.officer.post(
        f"/v1/delegations/{province.delegation_id}/schools/import", data=body, content_type=form
    )
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def close(province, code: str) -> None:
    """As an operation does on its day."""
    today = datetime.now(UTC).date()
    with province.driven.sessions.transaction() as session:
        session.scalars(select(School).where(School.code == code)).one().close(today)
        session.scalars(select(Standing).where(Standing.code == code)).one().end(today)


def test_what_a_list_says_of_closed_schools_or_later_days_is_told_by_its_cells(province):
    assert province.send("schools", COLUMNS + GOOD + "M1,M1,primary,A,B\n").status_code == 200
    close(province, "A1")
    person = "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n"
    person += "1,A1,A,B,F, a@example.org ,ar,2019-09-01\n"  # the blanks are nobody's fault
    assert faults_of(send_bad(province, "principals", person)) == [(2, "school_code", "A1")]
    assert faults_of(send_bad(province, "schools", COLUMNS + "S1,A1,primary,A,B\n")) == [(2, "main_code", "A1")]
    late = f"{COLUMNS.strip()},opened_on\nN1,N1,primary,A,B,2999-01-01\nN2,M1,primary,A,B,\n"
    assert faults_of(send_bad(province, "schools", late)) == [(2, "opened_on", "2999-01-01")]
    assert (
        province.send("schools", COLUMNS + GOOD.replace(",A,B", ",C,D")).json["changed"] == 1
    )  # corrected, still closed


def test_numbers_in_arabic_digits_and_blanks_around_name_the_same(province):
    person = "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n{},15395H,A,B,F,{},ar,2019-09-01\n"
    assert province.send("principals", person.format("1001", "a@example.org")).json["created"] == 1
    assert province.send("principals", person.format("١٠٠١", " a@example.org ")).json["unchanged"] == 1
