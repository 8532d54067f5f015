"""Files that are broken in every way that files are: each is refused in plain words, and nothing is changed."""

import io
import random
import subprocess
import sys
import zipfile

import pytest
from importing import done, faults_of, saved, start
from openpyxl import Workbook

HEADER = "code,main_code,cycle,name_fr,name_ar\n"
GOOD = "A1,A1,primary,Ecole,مدرسة\n"
PEOPLE = "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n"
MEGABYTE = 1024 * 1024


def person(day: str, ppr: str = "1") -> str:
    return f"{ppr},15395H,Rachida,رشيدة,F,rachida@example.org,ar,{day}\n"


def book(*rows: list, merged: str | None = None) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if merged:
        made.active.merge_cells(merged)
    return saved(made)


def rezipped(file: bytes, **parts: bytes) -> bytes:
    """A workbook some of whose parts are others; the names' dots and slashes are written `__` and `_`."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.replace("/", "_").replace(".", "__"), old.read(name)))
    return written.getvalue()


def one_cell(text: bytes) -> bytes:
    opening = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    cell = b'<c r="A1" t="inlineStr"><is><t>' + text + b"</t></is></c>"
    return opening + cell + b"</row></sheetData></worksheet>"


NAMES = ["code", "main_code", "cycle", "name_fr", "name_ar"]
ROW = ["A1", "A1", "primary", "Ecole", "مدرسة"]
SHEET = "xl_worksheets_sheet1__xml"
WORKBOOK = book(NAMES, ROW)
LONG = random.Random(1).randbytes(5 * MEGABYTE).hex().encode()
CELLS = b"</t></is></c>" + b"".join(b"<c><v>%d</v></c>" % n for n in range(400_000)) + b"<c><is><t>"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'

UNREADABLE = {
    "empty": (b"", "import.empty_file"),
    "nothing but blank lines": (b"\r\n \r\n", "import.empty_file"),
    "nothing but a byte order mark": (b"\xef\xbb\xbf", "import.no_columns"),
    "no line of names": (GOOD.encode(), "import.no_columns"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "import.not_a_table"),
    "a page of the web": (b"<html><table><tr><td>code</td></tr></table></html>", "import.not_a_table"),
    "an old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "import.old_excel"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "import.not_a_table"),
    "random bytes": (bytes(range(256)) * 4, "import.unknown_encoding"),
    "a letter of UTF-16 cut in two": ((HEADER + GOOD).encode("utf-16")[:-1], "import.not_in_encoding"),
    "a quotation mark never closed": ((HEADER + 'A1,A1,primary,"Ecole,x\n' + GOOD * 3).encode(), "import.not_csv"),
    "text behind a quotation": ((HEADER + 'A1,A1,primary,"Ecole"x,y\n').encode(), "import.not_csv"),
    "ten megabytes in one cell": ((HEADER + "A1,A1,primary,").encode() + b"x" * 10 * MEGABYTE, "import.cell_too_long"),
    "ten megabytes in one cell of a workbook": (rezipped(WORKBOOK, **{SHEET: one_cell(LONG)}), "import.cell_too_long"),
    "a column name twice": ((HEADER.strip() + ",code\n" + GOOD).encode(), "import.columns_twice"),
    "too many columns": ((",".join(f"c{n}" for n in range(300)) + "\n").encode(), "import.too_many_columns"),
    "names swapped": (f"{HEADER}A1,A1,primary,مدرسة,Ecole\n".encode(), "import.swapped_columns"),
    "a ZIP that is no workbook": (rezipped(WORKBOOK)[:40], "import.not_xlsx"),
    "a workbook cut short": (WORKBOOK[: len(WORKBOOK) // 2], "import.not_xlsx"),
    "a workbook with a broken sheet": (
        rezipped(WORKBOOK, **{SHEET: b"<worksheet><sheetData><row>"}),
        "import.not_xlsx",
    ),
    "a zip bomb": (rezipped(WORKBOOK, **{SHEET: bytes(30 * MEGABYTE)}), "import.zip_bomb"),
    "names that multiply": (rezipped(WORKBOOK, **{SHEET: LAUGHS}), "import.not_xlsx"),
    "a merged header": (book(NAMES, ROW, merged="A1:B1"), "import.merged_header"),
    "an empty workbook": (book(), "import.no_columns"),
}
WRONG_ROWS = {
    "a code twice": (HEADER + GOOD + GOOD, [(2, "code", "A1"), (3, "code", "A1")]),
    "codes swapped with words": (HEADER + "primary,A1,A1,x,y\n", [(2, "cycle", "A1"), (2, "main_code", "A1")]),
    "a cell too many": (HEADER + "A1,A1,primary,Ecole, du nord,مدرسة\n", [(2, "", "مدرسة")]),
    "a row cut short": (HEADER + "A1,A1,primary\n", [(2, "name_ar", ""), (2, "name_fr", "")]),
    "a place beyond the world": (f"{HEADER.strip()},latitude\n{GOOD.strip()},134\n", [(2, "latitude", "134")]),
    "a satellite of nothing": (HEADER + "A1,B9,primary,Ecole,مدرسة\n", [(2, "main_code", "B9")]),
    "a formula of a workbook never computed": (
        book(NAMES, [*ROW[:3], "=CONCAT(A1)", "مدرسة"]),
        [(2, "name_fr", "#N/A")],
    ),
    "a formula that failed": (HEADER + "A1,A1,primary,#REF!,مدرسة\n", [(2, "name_fr", "#REF!")]),
    "a name too long": (HEADER + f"A1,A1,primary,{'x' * 201},مدرسة\n", [(2, "name_fr", "x" * 200)]),
    "a name too long in a workbook": (book(NAMES, [*ROW[:3], "x" * 201, ROW[4]]), [(2, "name_fr", "x" * 200)]),
}
WRONG_DAYS = {
    "days of three ways": (
        PEOPLE
        + person("2019-09-21", "1")
        + person("2019-09-22", "2")
        + person("21/09/2019", "3")
        + person("43729", "4"),
        [(4, "appointed_on", "21/09/2019"), (5, "appointed_on", "43729")],
    ),
    "a day that never was": (PEOPLE + person("2019-02-30"), [(2, "appointed_on", "2019-02-30")]),
    "no address": (PEOPLE + person("2019-09-21").replace("@", " at "), [(2, "email", "rachida at example.org")]),
}


def test_what_is_no_list_is_refused_as_a_whole_and_nothing_changes(sqlite_province):
    told = len(sqlite_province.driven.told())
    for name, (content, code) in UNREADABLE.items():
        shown = done(sqlite_province, start(sqlite_province, content))
        assert (name, shown["state"], (shown["refusal"] or {}).get("code")) == (name, "refused", code)
        assert shown["refusal"]["detail"] and "{" not in shown["refusal"]["detail"], name
    assert (len(sqlite_province.driven.told()), set(sqlite_province.stored("schools"))) == (told, {"15395H"})


@pytest.mark.parametrize(("kind", "files"), [("schools", WRONG_ROWS), ("principals", WRONG_DAYS)])
def test_every_wrong_cell_is_told_with_its_line_and_nothing_changes(sqlite_province, kind, files):
    told = len(sqlite_province.driven.told())
    for name, (content, faults) in files.items():
        asked = start(sqlite_province, content, kind=kind)
        shown = done(sqlite_province, asked)
        assert (name, shown["state"], shown["refusal"]) == (name, "refused", None)
        found = faults_of(sqlite_province, asked)
        assert (name, sorted((one["line"], one["field"], one["value"]) for one in found)) == (name, faults)
        assert all(one["reason"] and one["reason"] != one["code"] for one in found), name
    assert len(sqlite_province.driven.told()) == told


def test_days_that_could_be_read_two_ways_are_not_guessed(sqlite_province):
    file = PEOPLE + person("03/04/2019")
    refused = done(sqlite_province, start(sqlite_province, file, kind="principals"))
    assert refused["refusal"]["code"] == "import.ambiguous_dates" and "appointed_on" in refused["refusal"]["detail"]
    said = done(sqlite_province, start(sqlite_province, file, kind="principals", date_format="dd/mm/yyyy"))
    assert said["state"] == "done"
    assert sqlite_province.stored("principals")["1"]["appointed_on"] == "2019-04-03"


def test_files_that_are_only_strange_come_in(sqlite_province):
    marked = f"{HEADER}\u200fA1\u200e,\u202aa1\u202c,primary,\ufeffEcole\u200b,\u200fمدرسة\u200f\n"
    strange = {
        "marks of direction": marked.encode(),
        "tabs, and a mark": ("\ufeff" + (HEADER + GOOD).replace(",", "\t")).encode(),
        "a line that says its delimiter": ("sep=;\n" + (HEADER + GOOD).replace(",", ";")).encode(),
        "old lines": (HEADER + GOOD).replace("\n", "\r").encode(),
        "UTF-16 of the other end, without a mark": (HEADER + GOOD).encode("utf-16-be"),
        "a code page of Windows": (HEADER + GOOD).encode("windows-1256"),
        "a workbook called CSV": WORKBOOK,
        "a workbook whose list begins further down": book([], [None], NAMES, ROW),
        "a workbook merged below its header": book(NAMES, ROW, merged="F2:G2"),
    }
    for name, content in strange.items():
        shown = done(sqlite_province, start(sqlite_province, content))
        assert (name, shown["state"], shown["rows"], shown["refusal"]) == (name, "done", 1, None)
        school = sqlite_province.stored("schools")["A1"]
        assert (name, school["main_code"], school["name_fr"], school["name_ar"]) == (name, "A1", "Ecole", "مدرسة")


GREEDY = """
import sys
from collections import deque
from pathlib import Path
from membership.registry.tables.opening import open_table
from membership.registry.tables.table import Reading
from shared.domain.refusals import Refusal
def peak():  # of this program; what `resource` tells, includes that of the process from which it was started
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
before = peak()
for name in sys.argv[1:]:
    try:
        with open(name, "rb") as file:
            deque(open_table(file.read(), Reading()).lines, maxlen=1)
    except Refusal as refusal:
        print(refusal.code)
print(peak() - before)
"""


def test_the_worst_of_them_take_no_memory_to_speak_of(tmp_path):
    """In a process of their own, whose peak tells; each is of a few megabytes, or would be of thousands."""
    worst = {
        "bomb": (rezipped(WORKBOOK, **{SHEET: one_cell(b"x" * 40 * MEGABYTE)}), "import.zip_bomb"),
        "endless": (b"code\n" + b"x" * 5 * MEGABYTE, "import.cell_too_long"),
        "endless row": (b"code\n" + b"," * 5 * MEGABYTE, "import.too_many_columns"),
        "endless header": (b"code" + b",c" * 2 * MEGABYTE, "import.too_many_columns"),
        "workbook of one row": (rezipped(WORKBOOK, **{SHEET: one_cell(CELLS)}), "import.cell_too_long"),
        "row of many lines": (b'code\n"\n"' + b',"\na"' * MEGABYTE, "import.too_many_columns"),
        "lines of few letters": (b"code\n" + b"\xe9\xe8\n" * 2 * MEGABYTE, "import.too_many_rows"),
    }
    for name, (content, _) in worst.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", GREEDY, *(tmp_path / name for name in worst)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    *codes, grown_kilobytes = run.stdout.split()
    assert dict(zip(worst, codes, strict=True)) == {name: code for name, (_, code) in worst.items()}
    assert int(grown_kilobytes) < 48 * 1024
