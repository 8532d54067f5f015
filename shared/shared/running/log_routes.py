"""`/v1/log` and `/v1/inbox` of every service: what it has told, and what it was told, for `halqa reconcile`."""

from typing import Any

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from shared.messaging import reconcile
from shared.web.declared_refusals import raises
from shared.web.utc import Utc

MOST = 500
LAST = 2**63 - 1  # what the column can hold


class LogStandingSchema(Schema):
    epoch = fields.UUID(metadata={"description": "Another one after each restore."})
    last_position = fields.Integer()
    began_at = Utc(allow_none=True, metadata={"description": "When this epoch began."})
    began_after = fields.Integer(allow_none=True, metadata={"description": "The last position that the backup had."})
    in_doubt_since = Utc(allow_none=True, metadata={"description": "What was told since may be lost here."})


class InboxRequest(Schema):
    publisher = fields.String(required=True, validate=validate.Regexp(r"^[a-z]{1,40}(?!\n)$"))
    since = Utc(load_default=None)
    after = fields.Integer(load_default=0, validate=validate.Range(0, LAST))
    limit = fields.Integer(load_default=MOST, validate=validate.Range(1, MOST))


class InboxEntrySchema(Schema):
    seq = fields.Integer()
    id = fields.UUID(attribute="message_id")
    type = fields.String()
    partition_key = fields.String()
    subscription = fields.String()
    status = fields.String()
    received_at = Utc()


class InboxEntryPageSchema(Schema):
    items = fields.List(fields.Nested(InboxEntrySchema), required=True)
    next = fields.Integer(allow_none=True)


class EventIdsSchema(Schema):
    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST))


logs = Blueprint("logs", __name__, url_prefix="/v1", description="What was told and heard, for administrators")


@logs.get("/log")
@raises("log.empty")
@logs.response(200, LogStandingSchema)
def show_log() -> reconcile.Standing:
    """Where this service's event log stands, and since when it may differ from what others were told."""
    return reconcile.standing(g.session, g.actor)


@logs.post("/log/unknown")
@logs.arguments(EventIdsSchema)
@logs.response(200, EventIdsSchema)
def list_unknown(wish: dict[str, Any]) -> dict[str, Any]:
    """Those of the ids that this service's event log does not hold."""
    return {"ids": reconcile.unknown(g.session, g.actor, wish["ids"])}


@logs.get("/inbox")
@logs.arguments(InboxRequest, location="query")
@logs.response(200, InboxEntryPageSchema)
def list_held(wish: dict[str, Any]) -> dict[str, Any]:
    """What this service was told by a publisher, oldest first, without its content."""
    rows = reconcile.held(g.session, g.actor, **wish)
    return {"items": rows, "next": rows[-1].seq if len(rows) == wish["limit"] else None}
