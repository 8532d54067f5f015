"""Imports and mappings as they cross HTTP."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, post_load, validate
from werkzeug.datastructures import FileStorage

from shared.domain.refusals import Fault, Invalid
from shared.web.problems import reason_of, told
from shared.web.progress import ProgressSchema
from shared.web.resources import Thing
from shared.web.text import Line
from shared.web.utc import Utc

from ..model import ImportKind, ImportState
from ..tables.dates import DATE_FORMATS
from ..tables.encodings import ENCODINGS
from ..tables.table import MOST_COLUMNS
from .columns import demand_mapping, read_mapping
from .file_rows import EVERY_NAME

DELIMITERS = (",", ";", "\t")

MAPPING_HELP = (
    'JSON: our column to yours, `{"code": "cd_etab"}`; or the name of a mapping that was saved. '
    "Columns not named keep their names."
)


def _read(file: FileStorage) -> bytes:
    with closing(file):  # a large one lies on the disk
        return file.read()


class _NamedFile(Upload):
    """A file that was sent in a form, with the name that it had."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise ValidationError("field.not_a_file")
        return value


def _word(title: str, words: Sequence[str], **more: Any) -> fields.Field:
    return fields.String(validate=validate.OneOf(words), metadata={"title": title}, **more)


class ReadingSchema(Schema):
    """How a file is to be read, where looking at it does not tell; null is found out."""

    encoding = _word("FileEncoding", ENCODINGS, load_default=None, allow_none=True)
    delimiter = _word("Delimiter", DELIMITERS, load_default=None, allow_none=True)
    sheet = Line(longest=31, load_default=None, allow_none=True)
    date_format = _word("DateFormat", DATE_FORMATS, load_default=None, allow_none=True)


class _ReadingForm(Schema):
    """The same in a form, which has no null: what is left out is found out."""

    encoding = _word("FileEncoding", ENCODINGS)
    delimiter = _word("Delimiter", DELIMITERS)
    sheet = Line(longest=31)
    date_format = _word("DateFormat", DATE_FORMATS)


def _take_reading(form: dict[str, Any]) -> dict[str, Any]:
    return {name: form.pop(name, None) for name in ReadingSchema().fields}


class PreviewForm(_ReadingForm):
    file = _NamedFile(required=True, metadata={"description": "CSV or XLSX, whatever its name says."})
    kind = fields.Enum(ImportKind, by_value=True, required=True)

    @post_load
    def gather(self, form: dict[str, Any], **_: Any) -> dict[str, Any]:
        reading = _take_reading(form)
        return {**form, "reading": reading, "file": _read(form["file"])}


class ImportRequest(_ReadingForm):
    file = _NamedFile(required=True, metadata={"description": "CSV or XLSX, whatever its name says."})
    kind = fields.Enum(ImportKind, by_value=True, required=True)
    delegation_id = fields.UUID(
        metadata={"description": "Left out, it is the whole country's, and `delegation_code` is a column of it."},
    )
    mapping = fields.String(
        load_default="{}", validate=validate.Length(max=5000), metadata={"description": MAPPING_HELP}
    )
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Check and report; change nothing."})

    @post_load
    def gather(self, form: dict[str, Any], **_: Any) -> dict[str, Any]:
        file, names = form["file"], EVERY_NAME[form["kind"]]
        said = form["mapping"].strip()
        mapping = read_mapping(said, names) if said[:1] in "{[" else said
        reading = _take_reading(form)
        wish = {"is_dry_run": form.pop("dry_run"), "file_name": (file.filename or "")[:200]}
        wish |= {"delegation_id": form.pop("delegation_id", None)}
        return {**form, **wish, "reading": reading, "mapping": mapping, "file": _read(file)}


class FoundSchema(Schema):
    """How a file was read: guessed, unless it was said."""

    format = fields.String(required=True)
    encoding = fields.String(allow_none=True, dump_default=None)
    delimiter = fields.String(allow_none=True, dump_default=None)
    sheet = fields.String(allow_none=True, dump_default=None)
    sheets = fields.List(fields.String(), dump_default=list)
    date_formats = fields.Dict(keys=fields.String(), values=fields.String(), dump_default=dict)


class _Found(fields.Nested):
    """Null until the file was read, and where it could not be."""

    def _serialize(self, *given: Any, **more: Any) -> Any:
        found, *where = given
        return super()._serialize(found or None, *where, **more)


class PreviewSchema(Schema):
    found = fields.Nested(FoundSchema, required=True)
    header = fields.List(fields.String(), required=True)
    rows = fields.List(fields.List(fields.String()), required=True)
    mapping = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "A proposal, by the names of the columns and by what is in them."},
    )


class CellFaultSchema(Schema):
    """`is_remark`: it came in, though otherwise than the file says."""

    line = fields.Integer(required=True)
    field = fields.String(required=True, metadata={"description": "The column's name in the file."})
    value = fields.String(required=True)
    code = fields.String(required=True)
    reason = fields.Function(reason_of, required=True, metadata={"type": "string"})
    is_remark = fields.Boolean(required=True)


class FirstFaultSchema(Schema):
    """Without what stands in the cell, which may be somebody's: the list of all faults tells it."""

    line = fields.Integer(required=True)
    field = fields.String(required=True, allow_none=True, metadata={"description": "The column's name in the file."})
    code = fields.String(required=True)
    reason = fields.Function(
        lambda told: reason_of(Fault(told["code"], facts=told["facts"])), required=True, metadata={"type": "string"}
    )


def _refusal_of(asked: Any) -> dict[str, Any] | None:
    if asked.refusal is None:
        return None
    said = told(Invalid(asked.refusal["code"], **asked.refusal["facts"]))
    return {name: said[name] for name in ("code", "title", "detail")}


class ImportSchema(Thing):
    address = "/v1/imports/{id}"

    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True, allow_none=True)
    kind = fields.Enum(ImportKind, by_value=True, required=True)
    state = fields.Enum(ImportState, by_value=True, required=True)
    dry_run = fields.Boolean(required=True, attribute="is_dry_run")
    file_name = fields.String(required=True)
    size_bytes = fields.Integer(required=True)
    mapping = fields.Dict(keys=fields.String(), values=fields.String(), required=True, attribute="columns")
    found = _Found(FoundSchema, required=True, allow_none=True)
    asked_at = Utc(required=True)
    ended_at = Utc(required=True, allow_none=True)
    rows = fields.Integer(required=True)
    created = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True, metadata={"description": "Rows with something wrong in them."})
    faults = fields.Integer(required=True, metadata={"description": "All of them; the first ten thousand are kept."})
    has_file = fields.Boolean(required=True, metadata={"description": "Can the report be had?"})
    first_faults = fields.List(fields.Nested(FirstFaultSchema), required=True)
    refusal = fields.Function(_refusal_of, required=True, metadata={"type": ["object", "null"]})
    progress = fields.Nested(ProgressSchema, required=True, allow_none=True)


class MappingQuery(Schema):
    delegation_id = fields.UUID(load_default=None, metadata={"description": "Left out, it is everybody's."})


class MappingRequest(Schema):
    kind = fields.Enum(ImportKind, by_value=True, required=True)
    columns = fields.Dict(
        keys=Line(longest=60),
        values=Line(longest=200),
        required=True,
        validate=validate.Length(max=MOST_COLUMNS),
        metadata={"description": "Our name of each column -> yours."},
    )
    reading = fields.Nested(ReadingSchema, load_default=dict)

    @post_load
    def check_names(self, wish: dict[str, Any], **_: Any) -> dict[str, Any]:
        demand_mapping(wish["columns"], EVERY_NAME[wish["kind"]])
        return wish


class MappingSchema(Thing):
    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    kind = fields.Enum(ImportKind, by_value=True, required=True)
    columns = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    reading = fields.Nested(ReadingSchema, required=True)
    saved_at = Utc(required=True)
