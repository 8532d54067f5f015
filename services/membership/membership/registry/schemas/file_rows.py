"""One row of a file of the Ministry's: which columns there are, and how the words in its cells are understood."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from unicodedata import normalize

from marshmallow import Schema, ValidationError, fields, validate

from membership.organisation import Cycle, Level, Setting, ZoneKind
from membership.people import Gender, Language
from membership.planning import kilometres
from shared.web.codes import Code
from shared.web.text import Text

from ..model import ImportKind
from ..tables.cells import ARABIC_DIGITS
from ..tables.dates import READERS
from ..tables.table import MOST_ROWS
from .columns import Cells
from .file_words import is_satellite, understood

ISO = "yyyy-mm-dd"
ENTERED = (Level.ACADEMY, Level.DELEGATION, Level.ZONE)
FIT_FOR_ADDRESSES = re.compile(Code.regex)
Entry = dict[str, Any]
Messages = dict[str, list[Any]]


class _Word(fields.Enum):
    """One of our words, or a word of the Ministry's files for the same."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return super()._deserialize(understood(value), attr, data, **more)


class _Number(Text):
    """Files differ in how they write digits; whom the number names does not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(_digits(value), attr, data, **more)


class _Code(_Number):
    """A national code. Files differ in case, too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(value, attr, data, **more).upper()


class _Address(fields.Email):
    """Blanks around it come along when people copy it, and nobody sees them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(value.strip(), attr, data, **more)


def _digits(value: Any) -> Any:
    return value if value.isascii() else normalize("NFKC", value).translate(ARABIC_DIGITS)


class _Decimal(fields.Float):
    """With a point or, as spreadsheets of this country write it, a comma."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        plain = _digits(value).strip().replace(",", ".") if isinstance(value, str) else value
        return super()._deserialize(plain, attr, data, **more)


class _Day(fields.Date):
    """As the whole column writes its days, which its schema was told; or as a workbook keeps them, beside texts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = _digits(value).strip()
        formats: Mapping[str, Any] = getattr(self.parent, "date_formats", {})
        day = READERS[formats.get(self.name or "", ISO)](text) or READERS[ISO](text)
        if day is None:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class FileRow(Schema):
    """What is optional and empty is None; what has no column in the file is left out, and so left as it is.

    `key`: what stands once in a file, told of in `key_column`; `attached_by`: what names another row of the same file.
    """

    key: ClassVar[str]
    key_column: ClassVar[str]
    attached_by: ClassVar[str | None] = None
    most_rows: ClassVar[int] = MOST_ROWS
    is_of_delegation: ClassVar[bool] = True

    def __init__(self, date_formats: dict[str, str] | None = None, *, names_delegation: bool = False) -> None:
        """`names_delegation`: each row says to which Delegation it belongs, by its code."""
        super().__init__(exclude=() if names_delegation and self.is_of_delegation else ("delegation_code",))
        self.date_formats = date_formats or {}

    delegation_code = _Number(required=True, longest=20)

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
        wrong[name] = list(error.messages)


class SchoolRow(FileRow):
    key = key_column = "code"
    attached_by = "main_code"

    code = _Code(required=True, longest=20)
    main_code = _Code(longest=20, allow_none=True)
    zone_code = _Code(longest=20, allow_none=True)
    kind = Text(longest=100, allow_none=True)
    cycle = _Word(Cycle, by_value=True, required=True)
    setting = _Word(Setting, by_value=True, allow_none=True)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    longitude = _Decimal(allow_none=True, validate=validate.Range(-180, 180))
    latitude = _Decimal(allow_none=True, validate=validate.Range(-90, 90))
    opened_on = _Day(allow_none=True)

    def conclude(self, entry: Entry) -> Messages:
        """By its kind, or without an attachment, a school is a main school."""
        kind, unattached = entry.pop("kind", None), entry.get("main_code") in (None, entry["code"])
        is_main = kind is None or not is_satellite(kind)
        if not is_main and unattached:
            return {"main_code": ["import.satellite_alone"]}
        if (kind and is_main) or ("main_code" in entry and unattached):
            entry["main_code"] = entry["code"]
        return {}


class PrincipalRow(FileRow):
    key = key_column = "ppr"

    ppr = _Number(required=True, longest=20)
    school_code = _Code(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    gender = _Word(Gender, by_value=True, required=True)
    email = _Address(required=True, validate=validate.Length(max=200))
    phone = Text(longest=30, allow_none=True)
    language = _Word(Language, by_value=True, required=True)
    appointed_on = _Day(required=True)
    posted_on = _Day(allow_none=True)


class UnitRow(FileRow):
    """An academy, a Delegation or a zone; codes are a level's own, so that two levels may have the same."""

    key, key_column = "unit", "code"
    attached_by = "parent_code"
    most_rows = 20_000  # looked at together, since parents may stand anywhere
    is_of_delegation = False

    level = _Word(Level, by_value=True, required=True, validate=validate.OneOf(ENTERED, error="import.level_elsewhere"))
    code = _Number(required=True, longest=20)
    parent_code = _Number(longest=20, allow_none=True)
    zone_kind = _Word(ZoneKind, by_value=True, allow_none=True)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    opened_on = _Day(allow_none=True)

    def understand(self, cells: Cells) -> tuple[Entry, Messages]:
        """What lies in a unit finds it, even if something else is wrong with its row."""
        entry, wrong = super().understand(cells)
        if "level" in entry and "code" in entry:
            entry["code"] = entry["code"].upper() if entry["level"] is Level.ZONE else entry["code"]
            entry["unit"] = (entry["level"], entry["code"])
        return entry, wrong

    def conclude(self, entry: Entry) -> Messages:
        return {} if FIT_FOR_ADDRESSES.fullmatch(entry["code"]) else {"code": ["import.unfit_code"]}


class DistanceRow(FileRow):
    key, key_column = "pair", "to_code"

    from_code = _Code(required=True, longest=20)
    to_code = _Code(required=True, longest=20)
    km = _Decimal(allow_none=True, validate=validate.Range(0, 1000))
    minutes = _Decimal(allow_none=True, validate=validate.Range(0, 1440))

    def conclude(self, entry: Entry) -> Messages:
        km, minutes = entry.pop("km", None), entry.pop("minutes", None)
        if (km is None) == (minutes is None):
            return {"km": ["plan.one_measure"]}
        entry["pair"] = (entry["from_code"], entry["to_code"])
        entry["way_km"] = kilometres(km, minutes)
        return {}


ROWS: dict[ImportKind, type[FileRow]] = {
    ImportKind.UNITS: UnitRow,
    ImportKind.SCHOOLS: SchoolRow,
    ImportKind.PRINCIPALS: PrincipalRow,
    ImportKind.DISTANCES: DistanceRow,
}
EVERY_NAME = {kind: list(row(names_delegation=True).fields) for kind, row in ROWS.items()}
