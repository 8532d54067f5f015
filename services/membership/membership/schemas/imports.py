"""The Ministry's files: a CSV becomes checked rows, or a list of all that is wrong with it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate

from membership.model import Cycle, Gender, Language, Setting
from membership.use_cases import Row, Sheet
from shared.domain.refusals import Fault
from shared.web.field_faults import recognise
from shared.web.text import Text

from .csv_files import TOO_MANY_CELLS, Cells, lines_of, read_mapping

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
}
SATELLITE = {"satellite", "unité satellite", "unite satellite", "فرعية", "203"}
Entry = dict[str, Any]


class _Word(fields.Enum):
    """One of our words, or a word of the Ministry's files for the same."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        word = _plain(value)
        return super()._deserialize(WORDS.get(word, word), attr, data, **more)


def _plain(word: str) -> str:
    # Some systems write an accent as a character of its own.
    return normalize("NFC", word).strip().lower()


class _Code(Text):
    """A national code. Files differ in case; the code does not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(value, attr, data, **more).upper()


class _FileRow(Schema):
    """What is optional and empty is None; what has no column in the file is left out, and so left as it is."""

    @pre_load
    def drop_empty(self, cells: Cells, **_: Any) -> Cells:
        filled = {name: value if value and value.strip() else None for name, value in cells.items()}
        return {name: value for name, value in filled.items() if value or not self.fields[name].required}


class SchoolRow(_FileRow):
    key = "code"

    code = _Code(required=True, longest=20)
    main_code = _Code(longest=20, allow_none=True)
    kind = Text(longest=100, allow_none=True)
    cycle = _Word(Cycle, by_value=True, required=True)
    setting = _Word(Setting, by_value=True, allow_none=True)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    longitude = fields.Float(allow_none=True, validate=validate.Range(-180, 180))
    latitude = fields.Float(allow_none=True, validate=validate.Range(-90, 90))

    @post_load
    def say_what_is_main(self, row: Entry, **_: Any) -> Entry:
        """By its kind, or without an attachment, a school is a main school."""
        kind, unattached = row.pop("kind", None), row.get("main_code") in (None, row["code"])
        is_satellite = kind is not None and _plain(kind) in SATELLITE
        if is_satellite and unattached:
            raise ValidationError("import.satellite_alone", "main_code")
        if (kind and not is_satellite) or ("main_code" in row and unattached):
            row["main_code"] = row["code"]
        return row


class PrincipalRow(_FileRow):
    key = "ppr"

    ppr = Text(required=True, longest=20)
    school_code = _Code(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    gender = _Word(Gender, by_value=True, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=200))
    phone = Text(longest=30, allow_none=True)
    language = _Word(Language, by_value=True, required=True)
    appointed_on = fields.Date(required=True)


def read_schools(file: bytes, mapping: str) -> Sheet:
    return _read(file, mapping, SchoolRow())


def read_principals(file: bytes, mapping: str) -> Sheet:
    return _read(file, mapping, PrincipalRow())


def _read(file: bytes, mapping: str, schema: Schema) -> Sheet:
    """All rows as far as they can be read, with the faults of each. Refuses what is no file of rows at all."""
    given = read_mapping(mapping, schema.fields)
    columns = {name: given.get(name, name) for name in schema.fields}
    required = {columns[name] for name, field in schema.fields.items() if field.required}
    sheet = Sheet(schema.key, columns)
    for line, cells in lines_of(file, columns, required | set(given.values())):
        _add(sheet, line, cells, schema)
    sheet.faults.extend(_twice(sheet))
    return sheet


def _add(sheet: Sheet, line: int, cells: Cells, schema: Schema) -> None:
    excess = cells.pop(TOO_MANY_CELLS, None)
    try:
        row, messages = Row(line, cells, schema.load(cells)), {}
    except ValidationError as error:
        row, messages = Row(line, cells, error.valid_data), error.messages
    sheet.rows.append(row)
    wrong = ((name, recognise(str(text))) for name, texts in messages.items() for text in texts)
    sheet.faults.extend(sheet.fault(row, name, code, **facts) for name, (code, facts) in wrong)
    if excess:
        sheet.faults.append(Fault("import.beyond_last_column", line=line, value=excess))


def _twice(sheet: Sheet) -> Iterator[Fault]:
    counts = Counter(sheet.all(sheet.key))
    for row in sheet.rows:
        if counts[row.entry.get(sheet.key)] > 1:
            yield sheet.fault(row, sheet.key, "import.row_twice")
