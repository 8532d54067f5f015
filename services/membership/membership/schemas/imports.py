"""The Ministry's files: a CSV becomes checked rows, or a list of all that is wrong with it."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from membership.model import Cycle, Gender, Language, Setting
from shared.domain.refusals import Fault, Invalid
from shared.web.text import Text

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
MOST_FAULTS = 1000
Row = dict[str, Any]


class _Word(fields.Enum):
    """One of our words, or a word of the Ministry's files for the same."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        word = str(value).strip().lower()
        return super()._deserialize(WORDS.get(word, word), attr, data, **more)


class _Code(Text):
    """A national code. Files differ in case; the code does not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return super()._deserialize(value, attr, data, **more).upper()


class _FileRow(Schema):
    class Meta:
        unknown = EXCLUDE

    @pre_load
    def drop_empty(self, row: Row, **_: Any) -> Row:
        return {name: value for name, value in row.items() if value is not None and value.strip()}


class SchoolRow(_FileRow):
    key = "code"

    code = _Code(required=True, longest=20)
    main_code = _Code(longest=20)
    cycle = _Word(Cycle, by_value=True, required=True)
    setting = _Word(Setting, by_value=True, load_default=None)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    longitude = fields.Float(load_default=None, validate=validate.Range(-180, 180))
    latitude = fields.Float(load_default=None, validate=validate.Range(-90, 90))

    @post_load
    def be_main_if_not_said(self, row: Row, **_: Any) -> Row:
        return {"main_code": row["code"], **row}


class PrincipalRow(_FileRow):
    key = "ppr"

    ppr = Text(required=True, longest=20)
    school_code = _Code(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    gender = _Word(Gender, by_value=True, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=200))
    phone = Text(longest=30, load_default=None)
    language = _Word(Language, by_value=True, required=True)
    appointed_on = fields.Date(required=True)


def read_schools(file: bytes, mapping: str) -> list[Row]:
    return _read(file, mapping, SchoolRow())


def read_principals(file: bytes, mapping: str) -> list[Row]:
    return _read(file, mapping, PrincipalRow())


def _read(file: bytes, mapping: str, schema: Schema) -> list[Row]:
    """Rows as the schema makes them, each with its `line`. Raises `Invalid` with every fault of every row."""
    columns = _columns(mapping, schema)
    lines = list(_lines(file, columns))
    rows, faults = _checked(lines, columns, schema)
    faults += _twice(rows, columns, schema.key)
    if faults:
        raise rows_are_wrong(faults)
    return rows


def rows_are_wrong(faults: list[Fault]) -> Invalid:
    shown = sorted(faults, key=lambda fault: fault.line)[:MOST_FAULTS]
    count = f"{len(faults)} faults" if len(faults) > 1 else "1 fault"
    return Invalid(
        "import.rows_wrong", f"{count} in the file; nothing was imported. Correct them and send it again.", shown
    )


def _columns(mapping: str, schema: Schema) -> dict[str, str]:
    """Our name of each column -> the file's."""
    try:
        given = json.loads(mapping)
    except json.JSONDecodeError as error:
        raise Invalid("import.bad_mapping", f"`mapping` is not JSON: {error}.") from error
    if not isinstance(given, dict) or not given.keys() <= schema.fields.keys():
        raise Invalid("import.bad_mapping", f"`mapping` maps some of {', '.join(schema.fields)} to your column names.")
    return {name: str(given.get(name, name)) for name in schema.fields}


def _lines(file: bytes, columns: dict[str, str]) -> Iterator[tuple[int, Row]]:
    text = _decode(file)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    _demand_columns(reader.fieldnames or [], columns)
    try:
        for row in reader:
            yield reader.line_num, {name: row.get(theirs) for name, theirs in columns.items()}
    except csv.Error as error:
        raise Invalid("import.not_csv", f"Line {reader.line_num} is not CSV: {error}.") from error


def _decode(file: bytes) -> str:
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file[: error.start].count(b"\n") + 1
        raise Invalid("import.not_utf8", f"Line {line} is not UTF-8. Save the file as “CSV UTF-8”.") from error


def _demand_columns(found: Iterable[str], columns: dict[str, str]) -> None:
    if not set(columns.values()) & set(found):
        raise Invalid("import.no_columns", f"The first line names none of the columns {', '.join(columns.values())}.")


def _checked(lines: list[tuple[int, Row]], columns: dict[str, str], schema: Schema) -> tuple[list[Row], list[Fault]]:
    rows, faults = [], []
    for line, raw in lines:
        try:
            rows.append({**schema.load(raw), "line": line})
        except ValidationError as error:
            faults += [
                Fault(line=line, field=columns.get(name, name), value=raw.get(name), reason=" ".join(map(str, reasons)))
                for name, reasons in error.messages.items()
            ]
    return rows, faults


def _twice(rows: list[Row], columns: dict[str, str], key: str) -> list[Fault]:
    counts = Counter(row[key] for row in rows)
    return [
        Fault(line=row["line"], field=columns[key], value=row[key], reason="stands more than once in the file")
        for row in rows
        if counts[row[key]] > 1
    ]
