"""What crosses HTTP of preferences."""

from marshmallow import Schema, fields

from shared.web.utc import Utc


class UnsubscriptionSchema(Schema):
    kind = fields.String(required=True, metadata={"description": "A kind of mail, as practice_published."})
    since = Utc(required=True)


class PreferencesSchema(Schema):
    unsubscriptions = fields.List(fields.Nested(UnsubscriptionSchema), required=True)
    optional = fields.List(fields.String(), required=True, metadata={"description": "What one may say no to."})
    mandatory = fields.List(
        fields.String(), required=True, metadata={"description": "What is sent whatever one wishes."}
    )
