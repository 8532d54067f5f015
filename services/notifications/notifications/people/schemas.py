"""What crosses HTTP of who is known here."""

from marshmallow import Schema, fields


class RecipientSchema(Schema):
    principal_id = fields.UUID()
    delegation_id = fields.UUID()
    language = fields.String()
    has_address = fields.Function(lambda recipient: bool(recipient.email), metadata={"type": "boolean"})


class CommunitySchema(Schema):
    id = fields.UUID()
    name_fr = fields.String()
    name_ar = fields.String()
    member_count = fields.Integer()
