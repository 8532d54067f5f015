"""Principals, posts, officers and companions as they cross HTTP."""

from datetime import UTC, datetime

from marshmallow import Schema, fields, validate

from membership.organisation import Cycle, Level
from shared.web.paging import PageRequest
from shared.web.resources import Thing
from shared.web.text import Line

from .model.officer import OfficerFunction, OfficerState
from .model.people import Gender, Language
from .model.posting import Absence


class PrincipalSchema(Schema):
    id = fields.UUID(required=True)
    ppr = fields.String(required=True)
    school_code = fields.String(required=True)
    cycle = fields.Enum(Cycle, by_value=True, required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    gender = fields.Enum(Gender, by_value=True, required=True)
    language = fields.Enum(Language, by_value=True, required=True)
    email = fields.String(required=True)
    phone = fields.String(allow_none=True)
    appointed_on = fields.Date(required=True)
    is_newcomer = fields.Function(
        lambda principal: principal.is_newcomer_on(datetime.now(UTC).date()),
        metadata={"type": "boolean", "description": "Appointed within the last 24 months."},
    )


class PostsRequest(PageRequest):
    as_of = fields.Date(load_default=None, metadata={"description": "The day that is asked about; today, if left out."})
    vacant = fields.Boolean(load_default=None, metadata={"description": "Only those without a head, or with one."})


class HolderSchema(Schema):
    principal_id = fields.UUID(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    since = fields.Date(required=True)


class PostSchema(Schema):
    school_id = fields.UUID(required=True, attribute="school.id")
    school_code = fields.String(required=True, attribute="school.code")
    cycle = fields.Enum(Cycle, by_value=True, required=True, attribute="school.cycle")
    name_fr = fields.String(required=True, attribute="school.name_fr")
    name_ar = fields.String(required=True, attribute="school.name_ar")
    is_vacant = fields.Boolean(required=True)
    holders = fields.List(
        fields.Nested(HolderSchema),
        required=True,
        metadata={"description": "One at most, unless the lists name several."},
    )


class PostingSchema(Schema):
    school_id = fields.UUID(allow_none=True)
    school_code = fields.String(allow_none=True)
    name_fr = fields.String(allow_none=True)
    name_ar = fields.String(allow_none=True)
    absence = fields.Enum(Absence, by_value=True, allow_none=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(allow_none=True, metadata={"description": "The first day on which it no longer held."})
    operation_id = fields.UUID(allow_none=True)


class _Entry(Schema):
    name_fr = Line(required=True, longest=200)
    name_ar = Line(required=True, longest=200)
    language = fields.Enum(Language, by_value=True, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=200))


class OfficerEntry(_Entry):
    function = fields.Enum(OfficerFunction, by_value=True, required=True)
    appointed_on = fields.Date(required=True)


class CompanionEntry(_Entry):
    unit_id = fields.UUID(required=True, metadata={"description": "The office that enters them."})


class OfficerSchema(Thing):
    address = "/v1/units/{unit_id}/officers/{officer_id}"

    officer_id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    level = fields.Enum(Level, by_value=True, required=True)
    function = fields.Enum(OfficerFunction, by_value=True, required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    language = fields.Enum(Language, by_value=True, required=True)
    email = fields.String(required=True)
    appointed_on = fields.Date(required=True)


class OfficerWithdrawnSchema(Schema):
    officer_id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    withdrawn_on = fields.Date(required=True)


class HeldOfficeSchema(Schema):
    unit_id = fields.UUID(required=True)
    level = fields.Enum(Level, by_value=True, required=True)
    state = fields.Enum(OfficerState, by_value=True, required=True)
    function = fields.Enum(OfficerFunction, by_value=True, required=True)
    name_fr = fields.String(required=True, metadata={"description": "Empty since they were withdrawn."})
    name_ar = fields.String(required=True)
    language = fields.Enum(Language, by_value=True, required=True)
    email = fields.String(required=True)
    appointed_on = fields.Date(required=True)
    withdrawn_on = fields.Date(allow_none=True)


class HeldCompanionSchema(Schema):
    unit_id = fields.UUID(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    language = fields.Enum(Language, by_value=True, required=True)
    email = fields.String(required=True)


class CompanionSchema(Thing):
    address = "/v1/companions/{id}"

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    language = fields.Enum(Language, by_value=True, required=True)
    email = fields.String(required=True)
