"""What crosses HTTP: what became of messages, and what has been told here so far. Never what a mail says."""

from marshmallow import Schema, fields

from shared.web.paging import PageWish, paged
from shared.web.things import Thing
from shared.web.utc import Utc

from .model import MessageState


class MessageWishSchema(PageWish):
    principal_id = fields.UUID()
    state = fields.Enum(MessageState, by_value=True)


class MessageSchema(Thing):
    address = "/v1/messages/{id}"

    id = fields.UUID()
    kind = fields.String(metadata={"description": "The event it is about, as meeting_scheduled."})
    event_id = fields.UUID()
    principal_id = fields.UUID()
    language = fields.String()
    to_address = fields.String()
    mail_id = fields.String(metadata={"description": "The Message-ID under which it was sent."})
    state = fields.Enum(MessageState, by_value=True)
    attempts = fields.Integer()
    interrupted = fields.Integer(metadata={"description": "Sends whose outcome nobody knows."})
    written_at = Utc()
    next_at = Utc(allow_none=True)
    sent_at = Utc(allow_none=True)
    error = fields.String(allow_none=True, metadata={"description": "What the last attempt came up against."})


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


class UnsubscriptionSchema(Schema):
    kind = fields.String(required=True, metadata={"description": "A kind of mail, as practice_published."})
    since = Utc(required=True)


class PreferencesSchema(Schema):
    unsubscriptions = fields.List(fields.Nested(UnsubscriptionSchema), required=True)
    optional = fields.List(fields.String(), required=True, metadata={"description": "What one may say no to."})
    mandatory = fields.List(
        fields.String(), required=True, metadata={"description": "What is sent whatever one wishes."}
    )


MessagePage = paged(MessageSchema)
