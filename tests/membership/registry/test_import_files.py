"""How files are written: delimiters, marks, line ends; where faults stand in them; belonging elsewhere; a real file."""

import csv
import json
from pathlib import Path

import pytest

from membership.app import service
from membership.organisation.model.organisation import Delegation
from shared.domain.actor import Role
from shared.events import SchoolRegistered

REAL_FILE = Path(__file__).parents[4] / "shared" / "data" / "taounate_etablissements.csv"
ROWS = [
    ["code", "main_code", "cycle", "name_fr", "name_ar"],
    ["A1", "A1", "primary", "Ecole, centre; nord", "مدرسة المركز"],
    ["B2", "A1", "primary", "Satellite", "فرعية"],
]


def written(delimiter: str = ",", end: str = "\n", quote: str = '"') -> str:
    return "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) + end for row in ROWS)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_file_reads_alike_however_it_was_saved(sqlite_province, mark, delimiter, end):
    done = sqlite_province.send("schools", mark + written(delimiter, end).encode())
    assert done.json["created"] == 2
    stored = sqlite_province.stored("schools")
    assert [stored["A1"]["name_fr"], stored["A1"]["name_ar"], stored["B2"]["main_code"]] == [*ROWS[1][3:], "A1"]


def test_a_last_line_without_end_blank_lines_and_old_line_ends_are_no_matter(sqlite_province):
    for content in (written().rstrip("\n"), written().replace("\n", "\n\n ,\n"), written(end="\r")):
        assert sqlite_province.send("schools", content).json["rows"] == 2


def test_a_file_of_nothing_but_column_names_has_no_rows(province):
    assert province.send("schools", "code,cycle,name_fr,name_ar\n").json == {
        "rows": 0,
        "created": 0,
        "changed": 0,
        "unchanged": 0,
        "dry_run": False,
        "remarks": [],
    }


def test_column_names_may_have_blanks_around_and_strange_neighbours(sqlite_province):
    file = ' code ,"internat",cycle , name_fr,name_ar,,\nA1,oui,primary,A,B,,\n'
    assert sqlite_province.send("schools", file).json["created"] == 1


def test_a_fault_is_told_with_the_line_where_its_row_begins(sqlite_province):
    file = (
        'code,cycle,name_fr,name_ar\n'  # 1
        'A1,primary,"Ecole\ndu\nnord",B\n'  # 2 to 4
        "\n"  # 5
        'A2,prim,"Ecole\n\ndu sud",B\n'  # 6 to 8
        "A3,prim,A,B\n"  # 9
    )  # fmt: skip
    answer = sqlite_province.send("schools", file)
    assert [fault["line"] for fault in answer.json["errors"]] == [6, 9]


def test_a_name_may_have_a_line_end_in_it(sqlite_province):
    sqlite_province.send("schools", 'code,cycle,name_fr,name_ar\nA1,primary,"Ecole\r\ndu nord",B\n')
    assert sqlite_province.stored("schools")["A1"]["name_fr"] == "Ecole\r\ndu nord"


# -- what belongs elsewhere


def test_a_school_or_principal_of_another_delegation_is_left_alone(province):
    with province.driven.sessions.transaction() as session:
        neighbour = Delegation.register(code="fes", name_fr="Fès", name_ar="فاس")
        session.add(neighbour)
        other = type(province)(province.driven, neighbour.id)
    people = (
        "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n7,{},A,B,F,a@example.org,ar,2019-09-01\n"
    )
    assert other.send("schools", written()).status_code == 200
    assert other.send("principals", people.format("A1")).status_code == 200

    taken = province.send("schools", "code,cycle,name_fr,name_ar\na1,primary,A,B\n")
    attached = province.send("schools", "code,main_code,cycle,name_fr,name_ar\nC3,A1,primary,A,B\n")
    moved = province.send("principals", people.format("15395H"))
    posted = province.send("principals", people.format("A1").replace("\n7,", "\n8,"))
    faults = [answer.json["errors"] for answer in (taken, attached, moved, posted)]
    assert [[(fault["field"], fault["value"], fault["code"]) for fault in told] for told in faults] == [
        [("code", "a1", "import.of_elsewhere")],
        [("main_code", "A1", "import.no_main_school")],
        [("ppr", "7", "import.of_elsewhere")],
        [("school_code", "A1", "import.no_school_here")],
    ]
    assert {fault["line"] for told in faults for fault in told} == {2}
    assert (set(province.stored("schools")), province.stored("principals")) == ({"15395H"}, {})


def test_a_principal_heads_a_main_school_not_a_satellite(province):
    province.send("schools", written())
    person = (
        "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n7,B2,A,B,F,a@example.org,ar,2019-09-01\n"
    )
    assert province.send("principals", person).json["errors"][0]["field"] == "school_code"


# -- a real Delegation


@pytest.mark.skipif(
    not REAL_FILE.exists(), reason="the Ministry's file of a real Delegation is not part of the project"
)
def test_the_file_of_a_real_delegation_comes_in_whole(drive, ministry_columns):
    from_file = list(csv.DictReader(REAL_FILE.read_text("utf-8-sig").splitlines()))
    driven = drive(service)
    ministry = driven.call(Role.MINISTRY_ADMINISTRATOR)
    entered = ministry.post("/v1/delegations", {"code": "TAO", "name_fr": "Taounate", "name_ar": "تاونات"}).json
    path = f"/v1/delegations/{entered['id']}/schools"
    mapping = json.dumps(ministry_columns | {"kind": "netab_ar"})
    reports = []
    for _ in range(2):
        form = {"file": (REAL_FILE.open("rb"), "schools.csv"), "mapping": mapping}
        reports.append(ministry.post(f"{path}/import", data=form, content_type="multipart/form-data").json)
    assert [(done["rows"], done["created"], done["unchanged"]) for done in reports] == [(743, 743, 0), (743, 0, 743)]
    assert [remark["value"] for remark in reports[0]["remarks"]] == ["15391er", "23993e"]
    told = {event.code: event for event in driven.told(SchoolRegistered)}
    assert (len(told), sum(event.code == event.main_code for event in told.values())) == (743, 246)
    assert {code: event.name_ar for code, event in told.items()} == {
        row["cd_etab"].upper(): row["nom_ar"].strip() for row in from_file
    }
