"""One row of a file of the Ministry's: which columns there are, and how the words in its cells are understood."""

from typing import Any
from unicodedata import normalize

from marshmallow import Schema, ValidationError, fields, validate

from membership.model import Cycle, Gender, ImportKind, Language, Setting
from shared.web.text import Text

from .columns import Cells
from .tables.cells import ARABIC_DIGITS
from .tables.dates import READERS

ISO = "yyyy-mm-dd"
WORDS = {
    "primaire": Cycle.PRIMARY,
    "collegial": Cycle.LOWER_SECONDARY,
    "collégial": Cycle.LOWER_SECONDARY,
    "qualifiant": Cycle.UPPER_SECONDARY,
    "الابتدائي": Cycle.PRIMARY,
    "الإعدادي": Cycle.LOWER_SECONDARY,
    "التأهيلي": Cycle.UPPER_SECONDARY,
    "urbain": Setting.URBAN,
    "rural": Setting.RURAL,
    "f": Gender.FEMALE,
    "m": Gender.MALE,
    "féminin": Gender.FEMALE,
    "masculin": Gender.MALE,
    "أنثى": Gender.FEMALE,
    "ذكر": Gender.MALE,
    "français": Language.FRENCH,
    "arabe": Language.ARABIC,
    "الفرنسية": Language.FRENCH,
    "العربية": Language.ARABIC,
}
SATELLITE = {"satellite", "unité satellite", "unite satellite", "فرعية", "203"}
Entry = dict[str, Any]
Messages = dict[str, list[Any]]


class _Word(fields.Enum):
    """One of our words, or a word of the Ministry's files for the same."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        word = _plain(value)
        return super()._deserialize(WORDS.get(word, word), attr, data, **more)


def _plain(word: str) -> str:
    # Some systems write an accent as a character of its own.
    return normalize("NFC", word).strip().lower()


class _Code(Text):
    """A national code. Files differ in case and in how they write digits; the code does not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(_digits(value), attr, data, **more).upper()


def _digits(value: Any) -> Any:
    return value if value.isascii() else normalize("NFKC", value).translate(ARABIC_DIGITS)


class _Degrees(fields.Float):
    """With a point or, as spreadsheets of this country write it, a comma."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        plain = _digits(value).strip().replace(",", ".") if isinstance(value, str) else value
        return super()._deserialize(plain, attr, data, **more)


class _Day(fields.Date):
    """As the whole column writes its days, which its schema was told."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        day = READERS[self.parent.date_formats.get(self.name, ISO)](_digits(value).strip())
        if day is None:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class FileRow(Schema):
    """What is optional and empty is None; what has no column in the file is left out, and so left as it is."""

    key: str

    def __init__(self, date_formats: dict[str, str] | None = None, *, names_delegation: bool = False) -> None:
        """`names_delegation`: each row says to which Delegation it belongs, by its code."""
        super().__init__(exclude=() if names_delegation else ("delegation_code",))
        self.date_formats = date_formats or {}

    delegation_code = Text(required=True, longest=20)

    def understand(self, cells: Cells) -> tuple[Entry, Messages]:
        """What can be read of a row, and what is wrong with the rest: as `load`, which takes twice the time for it."""
        entry: Entry = {}
        wrong: Messages = {}
        for name, field in self.fields.items():
            cell = cells.get(name)
            if cell and not cell.isspace():
                _read(field, name, cell, entry, wrong)
            elif field.required:
                wrong[name] = [field.error_messages["required"]]
            elif name in cells:
                entry[name] = None
        return entry, wrong or self.conclude(entry)

    def conclude(self, entry: Entry) -> Messages:
        """What follows from several cells of a row of which each could be read."""
        return {}

    @property
    def days(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, _Day)]


def _read(field: fields.Field, name: str, cell: str, entry: Entry, wrong: Messages) -> None:
    try:
        entry[name] = field.deserialize(cell, name, entry)
    except ValidationError as error:
        wrong[name] = error.messages


class SchoolRow(FileRow):
    key = "code"

    code = _Code(required=True, longest=20)
    main_code = _Code(longest=20, allow_none=True)
    zone_code = Text(longest=20, allow_none=True)
    kind = Text(longest=100, allow_none=True)
    cycle = _Word(Cycle, by_value=True, required=True)
    setting = _Word(Setting, by_value=True, allow_none=True)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    longitude = _Degrees(allow_none=True, validate=validate.Range(-180, 180))
    latitude = _Degrees(allow_none=True, validate=validate.Range(-90, 90))
    opened_on = _Day(allow_none=True)

    def conclude(self, entry: Entry) -> Messages:
        """By its kind, or without an attachment, a school is a main school."""
        kind, unattached = entry.pop("kind", None), entry.get("main_code") in (None, entry["code"])
        is_satellite = kind is not None and _plain(kind) in SATELLITE
        if is_satellite and unattached:
            return {"main_code": ["import.satellite_alone"]}
        if (kind and not is_satellite) or ("main_code" in entry and unattached):
            entry["main_code"] = entry["code"]
        return {}


class PrincipalRow(FileRow):
    key = "ppr"

    ppr = Text(required=True, longest=20)
    school_code = _Code(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    gender = _Word(Gender, by_value=True, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=200))
    phone = Text(longest=30, allow_none=True)
    language = _Word(Language, by_value=True, required=True)
    appointed_on = _Day(required=True)
    posted_on = _Day(allow_none=True)


ROWS: dict[ImportKind, type[FileRow]] = {ImportKind.SCHOOLS: SchoolRow, ImportKind.PRINCIPALS: PrincipalRow}
EVERY_NAME = {kind: list(row(names_delegation=True).fields) for kind, row in ROWS.items()}
