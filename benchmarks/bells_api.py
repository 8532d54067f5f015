"""The belfry over HTTP, written as our services are: routes, schemas, use cases in one place."""

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from shared.domain.actor import Role
from shared.domain.paging import page
from shared.domain.policy import EVERYTHING, Kind, anywhere, permit
from shared.messaging.subscriptions import Subscriptions
from shared.running.capabilities import Capability
from shared.running.service import Service
from shared.web.audit import audited
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint, Thing
from shared.web.utc import Utc

from .bells import Base, Bell

PRINCIPALS = {Role.PRINCIPAL: anywhere}
kinds = (
    Kind("tower", {"list_bells": PRINCIPALS, "watch_bells": PRINCIPALS}, is_open=True),
    Kind("bell", {"ring_bell": PRINCIPALS}),
)

bells = Blueprint("bells", __name__, url_prefix="/v1/bells", description="Bells")


class BellSchema(Thing):
    id = fields.UUID()
    tower = fields.String()
    founder = fields.String()
    weight_kg = fields.Integer()
    hung_at = Utc()
    rung = fields.Integer()


class RingSchema(Schema):
    times = fields.Integer(required=True, validate=validate.Range(1, 12))


@bells.get("")
@bells.arguments(PageRequest, location="query")
@bells.response(200, paged(BellSchema))
def list_bells(where: dict[str, Any]):
    permit(g.session, g.actor, "list_bells", EVERYTHING)
    return page(g.session, select(Bell), Bell.id, **where)


@bells.get("/watched")
@bells.arguments(PageRequest, location="query")
@bells.response(200, paged(BellSchema))
@audited(persons="items.id")
def watch_bells(where: dict[str, Any]):
    """As if bells were people: who has read about them is written down."""
    permit(g.session, g.actor, "watch_bells", EVERYTHING)
    return page(g.session, select(Bell), Bell.id, **where)


@bells.post("/<uuid:bell_id>/ring")
@bells.arguments(RingSchema)
@bells.response(200, BellSchema)
def ring_bell(wish: dict[str, Any], bell_id: UUID):
    bell = permit(g.session, g.actor, "ring_bell", g.session.get(Bell, bell_id))
    bell.ring(**wish)
    return bell


service = Service(
    name="belfry",
    title="Belfry",
    tables=Base.metadata,
    capabilities=[Capability(blueprints=[bells], kinds=kinds, subscriptions=Subscriptions("belfry.nothing"))],
)
