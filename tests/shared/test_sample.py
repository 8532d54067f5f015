"""The sample schools and principals: invented, complete, coherent, and the same for a seed."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from console.tour import sample
from console.tour.sample import names, places

ARABIC = re.compile("[\u0600-\u06ff]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
SCHOOL_COLUMNS = ["code", "main_code", "cycle", "setting", "name_fr", "name_ar", "longitude", "latitude"]
PRINCIPAL_COLUMNS = [
    "ppr",
    "school_code",
    "name_fr",
    "name_ar",
    "gender",
    "email",
    "phone",
    "language",
    "appointed_on",
]
CYCLES = {"primary", "lower_secondary", "upper_secondary"}
FIRST_SCHOOL = {
    "code": "94525K",
    "main_code": "94525K",
    "cycle": "lower_secondary",
    "setting": "rural",
    "name_fr": "Collège Al Moutanabbi",
    "name_ar": "الثانوية الإعدادية المتنبي",
    "longitude": "-5.51801",
    "latitude": "32.45082",
}
FIRST_PRINCIPAL = {
    "ppr": "663564",
    "school_code": "94525K",
    "name_fr": "Rachida Meknassi",
    "name_ar": "رشيدة المكناسي",
    "gender": "female",
    "email": "rachida.meknassi@ecoles.example",
    "phone": "+212500918110",
    "language": "ar",
    "appointed_on": "2024-10-11",
}
SIZES = [(24, 1), (24, 7), (3, 2), (246, 3), (300, 1), (1000, 5)]


@pytest.fixture(params=SIZES, ids=lambda param: f"{param[0]}-schools-seed-{param[1]}")
def schools(request):
    return sample.schools(*request.param)


@pytest.fixture
def principals(schools):
    return sample.principals(schools, seed=4)


def mains(schools):
    return [row for row in schools if row["code"] == row["main_code"]]


def satellites(schools):
    return [row for row in schools if row["code"] != row["main_code"]]


def column(rows, name):
    return [row[name] for row in rows]


def all_distinct(values):
    return len(set(values)) == len(values)


def test_the_same_seed_draws_the_same_file():
    assert sample.schools(40, seed=9) == sample.schools(40, seed=9)
    rows = sample.schools(40, seed=9)
    assert sample.principals(rows, seed=9) == sample.principals(rows, seed=9)


def test_another_seed_draws_another_file():
    rows = sample.schools(40, seed=9)
    assert rows != sample.schools(40, seed=10)
    assert sample.principals(rows, seed=9) != sample.principals(rows, seed=10)


def test_the_drawing_never_changes_from_one_python_to_the_next():
    rows = sample.schools()
    assert rows[0] == FIRST_SCHOOL
    assert sample.principals(rows)[0] == FIRST_PRINCIPAL


def test_the_delegation_is_a_fresh_copy_each_time():
    sample.delegation()["name_fr"] = "changed"
    delegation = sample.delegation()
    assert list(delegation) == ["code", "name_fr", "name_ar", "longitude", "latitude"]
    assert delegation["name_fr"] != "changed"
    assert ARABIC.search(delegation["name_ar"])


def test_every_school_row_has_exactly_the_expected_columns(schools):
    assert all(list(row) == SCHOOL_COLUMNS for row in schools)
    assert all(all(row.values()) for row in schools)


@pytest.mark.parametrize("size", range(12))
def test_as_many_main_schools_as_asked_for(size):
    assert len(mains(sample.schools(size))) == size


def test_three_hundred_main_schools_are_drawn_and_led():
    rows = sample.schools(300)
    assert len(mains(rows)) == len(sample.principals(rows)) == 300


def test_there_is_at_least_one_school_of_each_cycle(schools):
    assert set(column(mains(schools), "cycle")) == CYCLES


def test_cycles_keep_their_proportions():
    cycles = Counter(column(mains(sample.schools(300)), "cycle"))
    assert cycles == {"primary": 222, "lower_secondary": 54, "upper_secondary": 24}


def test_settings_are_urban_rural_or_remote():
    assert set(column(sample.schools(), "setting")) == {"urban", "rural", "remote"}


def test_codes_are_five_digits_and_a_letter_and_unique(schools):
    codes = column(schools, "code")
    assert all(re.fullmatch("[0-9]{5}[A-Z]", code) for code in codes)
    assert all_distinct(codes)


def test_a_satellite_belongs_to_a_primary_group(schools):
    by_code = {row["code"]: row for row in mains(schools)}
    for satellite in satellites(schools):
        main = by_code[satellite["main_code"]]
        assert main["cycle"] == satellite["cycle"] == "primary"
        assert main["name_fr"].startswith("Groupe scolaire ")


def test_a_group_has_one_to_five_satellites(schools):
    groups = {row["code"] for row in mains(schools) if row["name_fr"].startswith("Groupe scolaire ")}
    sizes = Counter(column(satellites(schools), "main_code"))
    assert set(sizes) == groups
    assert groups and set(sizes.values()) <= {1, 2, 3, 4, 5}


def test_no_two_schools_of_a_cycle_share_a_name(schools):
    assert all_distinct([(row["cycle"], row["name_fr"]) for row in schools])
    assert all_distinct([(row["cycle"], row["name_ar"]) for row in schools])


def test_every_school_lies_near_the_centre_of_the_delegation(schools):
    centre = sample.delegation()
    for row in schools:
        assert abs(float(row["longitude"]) - centre["longitude"]) < 0.5
        assert abs(float(row["latitude"]) - centre["latitude"]) < 0.5


def test_arabic_letters_are_in_arabic_names_only(schools, principals):
    for row in [*schools, *principals]:
        assert ARABIC.search(row["name_ar"]) and not LATIN.search(row["name_ar"])
        others = [value for key, value in row.items() if key != "name_ar"]
        assert not ARABIC.search("".join(others))


def test_every_principal_row_has_exactly_the_expected_columns(principals):
    assert all(list(row) == PRINCIPAL_COLUMNS for row in principals)
    assert all(all(row.values()) for row in principals)


def test_every_main_school_has_exactly_one_principal(schools, principals):
    assert column(principals, "school_code") == column(mains(schools), "code")


def test_extra_columns_and_an_empty_file_are_accepted():
    rows = sample.schools(5)
    assert sample.principals([row | {"zone": "3"} for row in rows]) == sample.principals(rows)
    assert sample.principals([]) == []


def test_numbers_and_addresses_are_unique(principals):
    for name in ("ppr", "email", "phone", "name_fr"):
        assert all_distinct(column(principals, name))


def test_addresses_stay_unique_when_names_run_out():
    rows = [{"code": str(number), "main_code": str(number)} for number in range(16_000)]
    people = sample.principals(rows)
    assert not all_distinct(column(people, "name_fr"))
    assert all_distinct(column(people, "email"))


def test_identifiers_are_well_formed(principals):
    for row in principals:
        assert re.fullmatch("[1-9][0-9]{5,6}", row["ppr"])
        assert re.fullmatch(r"[a-z]+(\.[a-z]+)+@ecoles\.example", row["email"]) and row["email"].isascii()
        assert re.fullmatch(r"\+2125[0-9]{8}", row["phone"])


@pytest.mark.parametrize("size", range(2, 9))
def test_women_and_men_are_both_present_from_two_rows_on(size):
    people = sample.principals(sample.schools(size))
    assert set(column(people, "gender")) == {"female", "male"}


def test_four_principals_in_ten_are_women_and_named_so():
    people = sample.principals(sample.schools(300))
    assert Counter(column(people, "gender")) == {"female": 120, "male": 180}
    given = {"female": names.WOMEN, "male": names.MEN}
    for row in people:
        assert any(row["name_fr"].startswith(f"{fr} ") for fr, _ in given[row["gender"]])


def test_any_twelve_consecutive_rows_hold_both_languages(principals):
    languages = column(principals, "language")
    windows = [languages[start : start + 12] for start in range(max(1, len(languages) - 11))]
    assert all(set(window) == {"fr", "ar"} for window in windows)


def test_languages_are_half_and_half():
    languages = Counter(column(sample.principals(sample.schools(300)), "language"))
    assert languages == {"fr": 150, "ar": 150}


def test_principals_were_appointed_between_one_and_twenty_five_years_ago(principals):
    dates = [date.fromisoformat(row["appointed_on"]) for row in principals]
    assert all(date(2001, 9, 1) <= day <= date(2025, 9, 1) for day in dates)
    assert any(day > date(2024, 9, 1) for day in dates)
    assert any(day < date(2024, 9, 1) for day in dates)


def test_csv_round_trips(schools, principals):
    for rows in (schools, principals):
        data = sample.to_csv(rows)
        assert data.decode("utf-8").splitlines()[0] == ",".join(rows[0])
        assert sample.read_csv(data) == rows
    assert sample.read_csv(sample.to_csv([])) == []


def test_there_are_enough_names():
    assert len(names.WOMEN) >= 40 and len(names.MEN) >= 40 and len(names.FAMILIES) >= 80


@pytest.mark.parametrize(
    "pairs",
    [
        names.WOMEN + names.MEN,
        names.FAMILIES,
        places.SCHOLARS_AND_HOPES,
        places.TREES_AND_VALLEYS,
        places.HAMLETS,
    ],
)
def test_name_lists_are_sorted_distinct_and_truly_bilingual(pairs):
    assert all_distinct([fr for fr, _ in pairs]) and all_distinct([ar for _, ar in pairs])
    assert all(re.fullmatch("[\u0621-\u063a\u0641-\u064a ]+", ar) for _, ar in pairs)
    assert not any(ARABIC.search(fr) for fr, _ in pairs)
    assert all(first != second for first, second in pairwise(pairs))
