"""Consents and archives of a person's data as they cross HTTP."""

from enum import StrEnum

from marshmallow import Schema, fields

from membership.model import ArchiveState, ConsentState, Purpose
from shared.web.text import Text
from shared.web.things import Thing
from shared.web.utc import Utc


class AttitudeSchema(Schema):
    name = fields.String(required=True)
    title_fr = fields.String(required=True)
    title_ar = fields.String(required=True)
    text_fr = fields.String(required=True)
    text_ar = fields.String(required=True)


class ConsentTextSchema(Schema):
    version = fields.String(required=True)
    intro_fr = fields.String(required=True)
    intro_ar = fields.String(required=True)
    attitudes = fields.List(fields.Nested(AttitudeSchema), required=True)


class ConsentTextsSchema(Schema):
    """The one that is shown today comes last."""

    items = fields.List(fields.Nested(ConsentTextSchema), required=True)


class ConsentSchema(Thing):
    id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True, metadata={"title": "ConsentPurpose"})
    community_id = fields.UUID(allow_none=True)
    state = fields.Enum(ConsentState, by_value=True, required=True)
    text_version = fields.String(required=True)
    given_at = Utc(required=True)
    channel = fields.String(required=True)
    withdrawn_at = Utc(allow_none=True)


class ArchiveWish(Schema):
    reason = Text(
        longest=2000, load_default=None, allow_none=True, metadata={"description": "Required on somebody's behalf."}
    )


class ArchiveSchema(Thing):
    address = "/v1/archives/{id}"

    id = fields.UUID(required=True)
    principal_id = fields.UUID(required=True)
    state = fields.Enum(ArchiveState, by_value=True, required=True)
    asked_at = Utc(required=True)
    completed_at = Utc(allow_none=True)
    kept_until = Utc(allow_none=True)
    deleted_at = Utc(allow_none=True)


class ErasureReason(StrEnum):
    """Words to choose from: whoever is erased must not be named again in the reason."""

    OWN_WISH = "own_wish"
    LEFT_OFFICE = "left_office"
    ENTERED_WRONGLY = "entered_wrongly"
    ORDERED = "ordered"


class ErasureWish(Schema):
    reason = fields.Enum(ErasureReason, by_value=True, required=True)


class ErasureSchema(Thing):
    """All that is left to be shown."""

    id = fields.UUID(required=True)
    erased_at = Utc(required=True)
