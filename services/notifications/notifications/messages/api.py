"""HTTP in, HTTP out: what was sent to whom with what result, and what has been told here so far."""

from typing import Any
from uuid import UUID

from flask import g

from shared.domain.paging import Page
from shared.web.answers import raises
from shared.web.audit import CALLER, audited
from shared.web.things import Blueprint

from . import queries, schemas, use_cases
from .model import Message, Unsubscription
from .projections import Recipient

messages = Blueprint("messages", __name__, url_prefix="/v1", description="What was sent to whom, with what result")
wishes = Blueprint(
    "wishes", __name__, url_prefix="/v1/me/unsubscriptions", description="Mail that somebody does not want"
)
known = Blueprint("known", __name__, url_prefix="/v1", description="What has been told here so far")


@messages.get("/messages")
@messages.arguments(schemas.MessageWishSchema, location="query")
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


@known.get("/recipients/<uuid:principal_id>")
@known.response(200, schemas.RecipientSchema)
@audited(persons="principal_id")
def read_recipient(principal_id: UUID) -> Recipient:
    """What has been told here of somebody who gets mail."""
    return queries.recipient_as_known(g.session, g.actor, principal_id)


@known.get("/communities/<uuid:community_id>")
@known.response(200, schemas.CommunitySchema)
def read_community(community_id: UUID) -> queries.CommunityAsKnown:
    """What has been told here of a community."""
    return queries.community_as_known(g.session, g.actor, community_id)


@wishes.get("")
@wishes.response(200, schemas.PreferencesSchema)
@raises("recipient.not_found")
@audited(persons=CALLER)
def list_unsubscriptions() -> queries.Preferences:
    """Which kinds of mail the caller said no to, and which they may."""
    return queries.unsubscriptions(g.session, g.actor)


@wishes.put("/<kind>")
@wishes.response(200, schemas.UnsubscriptionSchema)
@raises("recipient.not_found", "unsubscription.mandatory", "unsubscription.unknown_kind")
@audited(persons=CALLER)
def unsubscribe(kind: str) -> Unsubscription:
    """No more mail of this kind to the caller. Calls to meetings and to votes cannot be refused."""
    return use_cases.unsubscribe(g.session, g.actor, kind)


@wishes.delete("/<kind>")
@wishes.response(204)
@raises("recipient.not_found", "unsubscription.mandatory", "unsubscription.unknown_kind")
@audited(persons=CALLER)
def resubscribe(kind: str) -> None:
    """Mail of this kind again."""
    use_cases.resubscribe(g.session, g.actor, kind)


blueprints = [messages, wishes, known]
