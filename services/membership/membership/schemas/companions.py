"""Companions as they cross HTTP."""

from marshmallow import Schema, fields

from shared.web.utc import Utc


class AccompanimentSchema(Schema):
    community_id = fields.UUID(required=True)
    companion_id = fields.UUID(required=True)
    given_at = Utc(required=True)
