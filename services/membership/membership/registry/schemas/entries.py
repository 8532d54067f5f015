"""Single entries of the national lists, and many at once, as they cross HTTP."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate

from membership.ground import Code, Row, Sheet
from membership.organisation import Cycle, Setting, opened_on
from membership.people import Gender, Language
from shared.domain.refusals import Fault
from shared.web import problems
from shared.web.field_faults import recognise
from shared.web.json_values import Measure
from shared.web.text import Text

MOST_ROWS = 1000


class DelegationEntry(Schema):
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    academy_id = fields.UUID(allow_none=True, load_default=None)
    opened_on = opened_on()


class SchoolEntry(Schema):
    """The whole entry: what is left out is unknown."""

    main_code = Code(
        longest=20,
        allow_none=True,
        load_default=None,
        metadata={"description": "Of a satellite, the code of its main school; a main school leaves it out."},
    )
    zone_code = Code(
        longest=20,
        allow_none=True,
        metadata={
            "description": "The zone of a main school; null for none, left out to leave it as it is. "
            "A satellite lies below its main school, whatever is said here."
        },
    )
    opened_on = opened_on()
    cycle = fields.Enum(Cycle, by_value=True, required=True)
    setting = fields.Enum(Setting, by_value=True, allow_none=True, load_default=None)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    longitude = Measure(allow_none=True, load_default=None, validate=validate.Range(-180, 180))
    latitude = Measure(allow_none=True, load_default=None, validate=validate.Range(-90, 90))


class SchoolRowEntry(SchoolEntry):
    code = Code(required=True, longest=20)

    @pre_load
    def attach_to_itself(self, row: dict[str, Any], **_: Any) -> dict[str, Any]:
        return row if row.get("main_code") else {**row, "main_code": row.get("code")}


class PrincipalRowEntry(Schema):
    ppr = Text(required=True, longest=20)
    school_code = Code(required=True, longest=20)
    name_fr = Text(required=True, longest=200)
    name_ar = Text(required=True, longest=200)
    gender = fields.Enum(Gender, by_value=True, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=200))
    phone = Text(longest=30, allow_none=True, load_default=None)
    language = fields.Enum(Language, by_value=True, required=True)
    appointed_on = fields.Date(required=True)
    posted_on = fields.Date(
        metadata={"description": "Since when somebody new heads this school; since they were appointed, if left out."}
    )


class SchoolRows(Schema):
    rows = fields.List(
        fields.Dict(keys=fields.String(), metadata={"title": "SchoolRow"}),
        required=True,
        validate=validate.Length(1, MOST_ROWS),
        metadata={"description": "Each as the body of `PUT .../schools/by-code/{code}`, and its `code`."},
    )


class PrincipalRows(Schema):
    rows = fields.List(
        fields.Dict(keys=fields.String(), metadata={"title": "PrincipalRow"}),
        required=True,
        validate=validate.Length(1, MOST_ROWS),
        metadata={
            "description": "Each with `ppr`, `school_code`, `name_fr`, `name_ar`, `gender`, `email`, `language` and "
            "`appointed_on`, and perhaps `phone` "
            "and `posted_on`."
        },
    )


class OutcomeSchema(Schema):
    row = fields.Integer(required=True, metadata={"description": "Counted from 0."})
    result = fields.String(
        required=True,
        validate=validate.OneOf(["created", "changed", "unchanged", "refused"]),
        metadata={"title": "RowResult"},
    )
    id = fields.UUID(allow_none=True)
    problem = fields.Function(
        lambda outcome: outcome.refusal and problems.told(outcome.refusal),
        metadata={
            "anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}],
            "description": "Why the row was refused.",
        },
    )


class OutcomesSchema(Schema):
    created = fields.Function(lambda outcomes: outcomes.counts["created"], metadata={"type": "integer"})
    changed = fields.Function(lambda outcomes: outcomes.counts["changed"], metadata={"type": "integer"})
    unchanged = fields.Function(lambda outcomes: outcomes.counts["unchanged"], metadata={"type": "integer"})
    refused = fields.Function(lambda outcomes: outcomes.counts["refused"], metadata={"type": "integer"})
    rows = fields.List(fields.Nested(OutcomeSchema), required=True)


def school_rows(rows: list[dict[str, Any]]) -> list[Sheet]:
    return [_read(line, row, SchoolRowEntry(), "code") for line, row in enumerate(rows)]


def principal_rows(rows: list[dict[str, Any]]) -> list[Sheet]:
    return [_read(line, row, PrincipalRowEntry(), "ppr") for line, row in enumerate(rows)]


def _read(line: int, given: dict[str, Any], schema: Schema, key: str) -> Sheet:
    """A sheet of this one row; `line` is its place among the others."""
    cells = {name: None if value is None else str(value) for name, value in given.items()}
    try:
        return Sheet(key, {}, [Row(line, cells, schema.load(given))])
    except ValidationError as error:
        row = Row(line, cells, error.valid_data if isinstance(error.valid_data, dict) else {})
        faults = [_fault(line, name, str(text)) for name, texts in error.messages_dict.items() for text in texts]
        return Sheet(key, {}, [row], faults)


def _fault(line: int, name: str, text: str) -> Fault:
    code, facts = recognise(text)
    return Fault(code, field=name, line=line, facts=facts)
