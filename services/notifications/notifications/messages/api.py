"""HTTP in, HTTP out: what was sent to whom with what result."""

from typing import Any
from uuid import UUID

from flask import g

from shared.domain.paging import Page
from shared.web.audit import audited
from shared.web.resources import Blueprint

from . import queries, schemas
from .model import Message

messages = Blueprint("messages", __name__, url_prefix="/v1", description="What was sent to whom, with what result")


@messages.get("/messages")
@messages.arguments(schemas.MessageRequest, location="query")
@messages.response(200, schemas.MessagePage)
@audited(persons="items.principal_id")
def list_messages(wish: dict[str, Any]) -> Page:
    """What was sent to whom, with what result; never what it said."""
    return queries.messages(g.session, g.actor, **wish)


@messages.get("/messages/<uuid:message_id>")
@messages.response(200, schemas.MessageSchema)
@audited(persons="principal_id")
def read_message(message_id: UUID) -> Message:
    """What became of one message; never what it said."""
    return queries.message(g.session, g.actor, message_id)


blueprints = [messages]
