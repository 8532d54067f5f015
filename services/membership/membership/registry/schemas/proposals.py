"""Which column of an unknown file may mean what: by its name in French or Arabic, else by its cells."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from unicodedata import combining, normalize

from membership.organisation import Cycle
from membership.people import Gender

from ..model import ImportKind
from ..tables.opening import open_table
from ..tables.table import Reading
from .file_rows import EVERY_NAME
from .file_words import understood
from .list_labels import COLUMNS

ROWS_SHOWN = 10
ROWS_SEEN = 200

HEADINGS = {
    "code": ("code", "gresa", "codegresa", "cdetab", "codeetab", "codeetablissement", "رمزالمؤسسة", "الرمز"),
    "main_code": ("maincode", "cdetabrattachement", "rattachement", "codeetablissementmere", "رمزالمؤسسةالام"),
    "delegation_code": ("delegationcode", "codedelegation", "cdprov", "codedp", "رمزالنيابة", "رمزالمديرية"),
    "zone_code": ("zonecode", "codezone", "codebassin", "رمزالمنطقة"),
    "kind": ("kind", "type", "typeetab", "netabar", "cdnetab", "نوعالمؤسسة", "النوع"),
    "cycle": ("cycle", "السلك"),
    "setting": ("setting", "milieu", "الوسط"),
    "name_fr": ("namefr", "nomfr", "nometabl", "nom", "nometprenom", "nomcomplet", "الاسمبالفرنسية"),
    "name_ar": ("namear", "nomar", "nometaba", "nomarabe", "الاسم", "الاسمبالعربية", "الاسمالكامل"),
    "longitude": ("longitude", "lon", "long", "lng", "x", "خطالطول"),
    "latitude": ("latitude", "lat", "y", "خطالعرض"),
    "ppr": ("ppr", "som", "numppr", "doti", "رقمالتاجير"),
    "school_code": ("schoolcode", "codegresa", "gresa", "cdetab", "codeetab", "affectation", "رمزالمؤسسة"),
    "gender": ("gender", "sexe", "genre", "الجنس"),
    "email": ("email", "mail", "courriel", "adresseelectronique", "البريدالالكتروني"),
    "phone": ("phone", "tel", "telephone", "gsm", "portable", "الهاتف"),
    "language": ("language", "langue", "اللغة"),
    "appointed_on": ("appointedon", "datenomination", "datedenomination", "dateaffectation", "تاريخالتعيين"),
    "opened_on": ("openedon", "dateouverture", "datedecreation", "تاريخالاحداث"),
    "level": ("level", "niveau", "المستوى"),
    "parent_code": ("parentcode", "parent", "codeparent", "coderattachement", "رمزالوحدةالام"),
    "zone_kind": ("zonekind", "typezone", "نوعالمنطقة"),
    "from_code": ("fromcode", "from", "de", "depart", "origine", "من"),
    "to_code": ("tocode", "to", "vers", "a", "arrivee", "destination", "الى"),
    "km": ("km", "distance", "distancekm", "kilometres", "المسافة"),
    "minutes": ("minutes", "min", "duree", "dureemin", "المدةبالدقائق"),
    "posted_on": ("postedon", "dateprisedeservice", "dateaffectationetab", "تاريخالالتحاق"),
}

OF_CONTENTS: dict[str, Callable[[str], Any]] = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+", re.IGNORECASE).fullmatch,
    "cycle": lambda cell: understood(cell) in tuple(Cycle),
    "gender": lambda cell: understood(cell) in tuple(Gender),
    "name_ar": re.compile("[\u0620-\u064a\\s]{4,}").fullmatch,
}


def preview(file: bytes, kind: ImportKind, reading: dict[str, Any]) -> dict[str, Any]:
    """The header, the first rows, how the file was read, and a mapping to look at and correct."""
    table = open_table(file, Reading(**reading))
    rows = [cells for _, cells in islice(table.lines, ROWS_SEEN)]
    proposed = dict(_by_name(kind, table.header)) | dict(_by_contents(kind, table.header, rows))
    return {
        "found": table.found,
        "header": table.header,
        "rows": rows[:ROWS_SHOWN],
        "mapping": proposed | dict(_by_name(kind, table.header)),
    }


def _by_name(kind: ImportKind, header: list[str]) -> Iterator[tuple[str, str]]:
    seen = {_bare(name): name for name in reversed(header)}
    for ours in EVERY_NAME[kind]:
        words = map(_bare, (*HEADINGS[ours], *COLUMNS.get(ours, ())))  # and as our own lists name it
        named = next((seen[word] for word in words if word in seen), None)
        if named is not None:
            yield ours, named


def _by_contents(kind: ImportKind, header: list[str], rows: list[list[str]]) -> Iterator[tuple[str, str]]:
    for ours, fits in OF_CONTENTS.items():
        for place, name in enumerate(header):
            cells = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
            if ours in EVERY_NAME[kind] and name and cells and all(map(fits, cells)):
                yield ours, name
                break


def _bare(name: str) -> str:
    """Without accents, vowel marks, blanks and case."""
    letters = (letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
    return "".join(letter for letter in letters if letter.isalnum())
