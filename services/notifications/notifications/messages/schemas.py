"""What crosses HTTP: what became of messages, never what a mail says."""

from marshmallow import fields

from shared.web.paging import PageRequest, paged
from shared.web.resources import Thing
from shared.web.utc import Utc

from .model import MessageState


class MessageRequest(PageRequest):
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


MessagePage = paged(MessageSchema)
