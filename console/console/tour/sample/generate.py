"""The drawing itself: a delegation's file of schools, and one principal for each main school."""

import csv
import io
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from .names import FAMILIES, MEN, WOMEN
from .places import (
    COUNTRYSIDE,
    DELEGATION,
    GROUP,
    SATELLITE,
    SCHOOL,
    SECONDARY,
    TOWNS,
    Delegation,
    Kind,
    Pair,
    Place,
)

Row = dict[str, str]
Shares = dict[str, float]

SCHOOL_COLUMNS = ("code", "main_code", "cycle", "setting", "name_fr", "name_ar", "longitude", "latitude")
CYCLES: Shares = {"primary": 0.74, "lower_secondary": 0.18, "upper_secondary": 0.08}
SETTINGS: dict[str, Shares] = {
    "primary": {"rural": 0.45, "urban": 0.4, "remote": 0.15},
    "lower_secondary": {"urban": 0.6, "rural": 0.4},
    "upper_secondary": {"urban": 0.75, "rural": 0.25},
}
SPREAD = {"urban": 0.015, "rural": 0.035, "remote": 0.06}  # degrees around a place
SATELLITES = range(1, 6)

# Chosen to stay clear of real ones: codes above 90000, and lines that begin with neither 52 nor 53.
CODE_FLOOR, CODE_SPAN, CODE_LETTERS = 90_000, 10_000, "ABCDEFGHJKLMNPQRSTUVWXYZ"
PHONE_PREFIX, PHONE_SPAN = "+212500", 1_000_000
PPR_NUMBERS = range(100_000, 3_000_000)
EMAIL_DOMAIN = "ecoles.example"

GENDERS: Shares = {"male": 0.6, "female": 0.4}
LANGUAGES: Shares = {"fr": 0.5, "ar": 0.5}
LANGUAGE_BLOCK = 4  # both languages in every block, so never more than four rows alike
REFERENCE_DATE = date(2026, 9, 1)
TENURES: Shares = {"settled": 0.8, "new": 0.2}
DAYS_IN_POST = {"settled": range(735, 9_125), "new": range(370, 725)}


def delegation() -> Delegation:
    return DELEGATION.copy()


def schools(main_schools: int = 24, seed: int = 1) -> list[Row]:
    """Each main school is followed by its satellites."""
    drawing = _SchoolDrawing(main_schools, seed)
    profiles = _profiles(drawing.rng, main_schools)
    return [row for profile in profiles for row in drawing.school(*profile)]


def principals(school_rows: Iterable[Mapping[str, str]], seed: int = 1) -> list[Row]:
    rng = Random(seed)
    codes = [row["code"] for row in school_rows if row["code"] == row["main_code"]]
    posts = {"ppr": _ppr_numbers(rng, len(codes)), "school_code": codes}
    people = _people(rng, len(codes))
    contacts = {"email": _emails(people["name_fr"]), "phone": _phones(rng, len(codes))}
    careers = {"language": _languages(rng, len(codes)), "appointed_on": _appointments(rng, len(codes))}
    columns = posts | people | contacts | careers
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def to_csv(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def read_csv(data: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


class _SchoolDrawing:
    """One drawing of the file: its randomness, and the codes and names not yet given away."""

    def __init__(self, main_schools: int, seed: int) -> None:
        self.rng = Random(seed)
        self.codes = _codes(self.rng, main_schools * (1 + max(SATELLITES)))
        self.names_taken: set[str] = set()

    def school(self, cycle: str, setting: str) -> list[Row]:
        kind = _kind(cycle, setting)
        commune = self.rng.choice(TOWNS if setting == "urban" else COUNTRYSIDE)
        site = self._near(commune, setting)
        main = self._row(kind, cycle, setting, site)
        satellites = self.rng.choice(SATELLITES) if kind is GROUP else 0
        return [main, *(self._satellite(main, site) for _ in range(satellites))]

    def _satellite(self, main: Row, site: Place) -> Row:
        """At least as far from a road as its main school."""
        setting = self.rng.choice((main["setting"], "remote"))
        row = self._row(SATELLITE, main["cycle"], setting, self._near(site, setting))
        return row | {"main_code": main["code"]}

    def _row(self, kind: Kind, cycle: str, setting: str, site: Place) -> Row:
        code = next(self.codes)
        values = (code, code, cycle, setting, *self._name(kind, site), *_coordinates(site))
        return dict(zip(SCHOOL_COLUMNS, values, strict=True))

    def _name(self, kind: Kind, site: Place) -> Pair:
        names = self.rng.sample(kind.names, len(kind.names))
        full_names = ((f"{kind.fr} {fr}", f"{kind.ar} {ar}") for fr, ar in _variants(names, site))
        free = next(pair for pair in full_names if pair[0] not in self.names_taken)
        self.names_taken.add(free[0])
        return free

    def _near(self, place: Place, setting: str) -> Place:
        east, north = (SPREAD[setting] * (2 * self.rng.random() - 1) for _ in range(2))
        return place._replace(east=place.east + east, north=place.north + north)


def _deal(rng: Random, size: int, shares: Shares) -> list[str]:
    """Shuffled values in these proportions, each at least once while `size` allows."""
    first, *others = shares
    rest = [value for value in others for _ in range(max(1, round(size * shares[value])))]
    dealt = ([first] * max(1, size - len(rest)) + rest)[:size]
    rng.shuffle(dealt)
    return dealt


def _profiles(rng: Random, main_schools: int) -> list[Pair]:
    """The cycle and the setting of each main school."""
    cycles = Counter(_deal(rng, main_schools, CYCLES))
    profiles = [(name, setting) for name in cycles for setting in _deal(rng, cycles[name], SETTINGS[name])]
    rng.shuffle(profiles)
    return profiles


def _codes(rng: Random, size: int) -> Iterator[str]:
    for drawn in rng.sample(range(CODE_SPAN * len(CODE_LETTERS)), size):
        number, letter = divmod(drawn, len(CODE_LETTERS))
        yield f"{CODE_FLOOR + number}{CODE_LETTERS[letter]}"


def _kind(cycle: str, setting: str) -> Kind:
    if cycle == "primary":
        return SCHOOL if setting == "urban" else GROUP
    return SECONDARY[cycle]


def _coordinates(site: Place) -> Pair:
    longitude, latitude = DELEGATION["longitude"] + site.east, DELEGATION["latitude"] + site.north
    return f"{longitude:.5f}", f"{latitude:.5f}"


def _variants(names: list[Pair], site: Place) -> Iterator[Pair]:
    """The bare names, then the same with the commune, then numbered without end."""
    local = [(f"{fr} - {site.fr}", f"{ar} - {site.ar}") for fr, ar in names]
    numbered = ((f"{fr} {number}", f"{ar} {number}") for number in itertools.count(2) for fr, ar in local)
    return itertools.chain(names, local, numbered)


def _ppr_numbers(rng: Random, size: int) -> list[str]:
    return [str(number) for number in rng.sample(PPR_NUMBERS, size)]


def _people(rng: Random, size: int) -> dict[str, list[str]]:
    """Columns of names and genders; no name comes back before all have been used."""
    genders = _deal(rng, size, GENDERS)
    decks = {"male": _full_names(rng, MEN), "female": _full_names(rng, WOMEN)}
    names = [next(decks[gender]) for gender in genders]
    return {"name_fr": [fr for fr, _ in names], "name_ar": [ar for _, ar in names], "gender": genders}


def _full_names(rng: Random, given_names: tuple[Pair, ...]) -> Iterator[Pair]:
    pairs = itertools.product(given_names, FAMILIES)
    full_names = [(f"{fr} {family_fr}", f"{ar} {family_ar}") for (fr, ar), (family_fr, family_ar) in pairs]
    rng.shuffle(full_names)
    return itertools.cycle(full_names)


def _emails(names: list[str]) -> list[str]:
    """khadija.el.idrissi@..., and khadija.el.idrissi2@... for a second person of that name."""
    seen: Counter[str] = Counter()
    emails = []
    for mailbox in map(_mailbox, names):
        seen[mailbox] += 1
        rank = seen[mailbox] if seen[mailbox] > 1 else ""
        emails.append(f"{mailbox}{rank}@{EMAIL_DOMAIN}")
    return emails


def _mailbox(name: str) -> str:
    unaccented = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join(re.findall("[a-z]+", unaccented.lower()))


def _phones(rng: Random, size: int) -> list[str]:
    return [f"{PHONE_PREFIX}{number:06}" for number in rng.sample(range(PHONE_SPAN), size)]


def _languages(rng: Random, size: int) -> list[str]:
    blocks = (_deal(rng, LANGUAGE_BLOCK, LANGUAGES) for _ in range(0, size, LANGUAGE_BLOCK))
    return list(itertools.chain.from_iterable(blocks))[:size]


def _appointments(rng: Random, size: int) -> list[str]:
    days = [rng.choice(DAYS_IN_POST[tenure]) for tenure in _deal(rng, size, TENURES)]
    return [(REFERENCE_DATE - timedelta(days=number)).isoformat() for number in days]
