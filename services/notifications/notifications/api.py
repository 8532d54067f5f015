"""HTTP in, HTTP out: what was sent to whom with what result, and what has been told here so far."""

from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint

from shared.domain.paging import Page

from . import queries, schemas
from .model import Message
from .projections import Recipient

messages = Blueprint("messages", __name__, url_prefix="/v1", description="What was sent to whom, with what result")
known = Blueprint("known", __name__, url_prefix="/v1", description="What has been told here so far")


@messages.get("/messages")
@messages.arguments(schemas.MessageWishSchema, location="query")
@messages.response(200, schemas.MessagePage)
def list_messages(wish: dict[str, Any]) -> Page:
    return queries.messages(g.session, g.actor, **wish)


@messages.get("/messages/<uuid:message_id>")
@messages.response(200, schemas.MessageSchema)
def read_message(message_id: UUID) -> Message:
    return queries.message(g.session, g.actor, message_id)


@known.get("/recipients/<uuid:principal_id>")
@known.response(200, schemas.RecipientSchema)
def read_recipient(principal_id: UUID) -> Recipient:
    return queries.recipient_as_known(g.session, g.actor, principal_id)


@known.get("/communities/<uuid:community_id>")
@known.response(200, schemas.CommunitySchema)
def read_community(community_id: UUID) -> queries.CommunityAsKnown:
    return queries.community_as_known(g.session, g.actor, community_id)
