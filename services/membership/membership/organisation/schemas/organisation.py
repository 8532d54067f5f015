"""Delegations, schools and principals as they cross HTTP."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from shared.web.problems import reason_of
from shared.web.resources import Thing
from shared.web.text import Text

from ..model.organisation import Cycle, Setting
from .units import opened_on


class AcademyRequest(Schema):
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    opened_on = opened_on()


class AcademySchema(Thing):
    address = "/v1/academies/by-code/{code}"

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    closed_on = fields.Date(allow_none=True)


class DelegationRequest(Schema):
    code = Text(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    academy_id = fields.UUID(
        load_default=None, metadata={"description": "The academy above it, whose officers then reach it."}
    )


class DelegationSchema(Thing):
    address = "/v1/delegations/by-code/{code}"

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    academy_id = fields.UUID(allow_none=True)
    closed_on = fields.Date(allow_none=True)


class SchoolSchema(Thing):
    address = "/v1/delegations/{delegation_id}/schools/by-code/{code}"

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    main_code = fields.String(required=True)
    zone_id = fields.UUID(allow_none=True)
    closed_on = fields.Date(allow_none=True)
    cycle = fields.Enum(Cycle, by_value=True, required=True)
    setting = fields.Enum(Setting, by_value=True, allow_none=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    longitude = fields.Float(allow_none=True)
    latitude = fields.Float(allow_none=True)


class ImportQuery(Schema):
    dry_run = fields.Boolean(load_default=False, metadata={"description": "Check and report; change nothing."})


class _File(Upload):
    """The bytes of a file that was sent in a form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bytes:
        if not isinstance(value, FileStorage):
            raise ValidationError("field.not_a_file")
        return value.read()


class ImportForm(Schema):
    file = _File(required=True, metadata={"description": "CSV in UTF-8, with a line of column names."})
    mapping = fields.String(
        load_default="{}",
        validate=validate.Length(max=5000),
        metadata={
            "description": 'JSON: our column to yours, `{"code": "cd_etab"}`. Columns not named keep their names.'
        },
    )


class Remark(Schema):
    line = fields.Integer(required=True)
    field = fields.String(required=True)
    value = fields.String(required=True)
    code = fields.String(required=True)
    reason = fields.Function(reason_of, required=True, metadata={"type": "string"})


class ImportReport(Schema):
    rows = fields.Integer(required=True)
    created = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)
    remarks = fields.List(
        fields.Nested(Remark),
        required=True,
        metadata={"description": "What was imported otherwise than the file said."},
    )
