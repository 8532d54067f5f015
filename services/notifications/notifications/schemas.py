"""What crosses HTTP: what became of messages, and what has been told here so far. Never what a mail says."""

from marshmallow import Schema, fields

from shared.web.paging import PageWish, paged

from .model import MessageState


class MessageWishSchema(PageWish):
    principal_id = fields.UUID()
    state = fields.Enum(MessageState, by_value=True)


class MessageSchema(Schema):
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
    written_at = fields.AwareDateTime()
    next_at = fields.AwareDateTime(allow_none=True)
    sent_at = fields.AwareDateTime(allow_none=True)
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


MessagePage = paged(MessageSchema)
