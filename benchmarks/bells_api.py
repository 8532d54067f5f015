"""The belfry over HTTP, written as our services are: routes, schemas, use cases in one place."""

from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from shared.domain.actor import Role, permit
from shared.domain.paging import page
from shared.messaging.subscriptions import Subscriptions
from shared.running.service import Service
from shared.web.paging import PageWish, paged

from .bells import Base, Bell

bells = Blueprint("bells", __name__, url_prefix="/v1/bells", description="Bells")


class BellSchema(Schema):
    id = fields.UUID()
    tower = fields.String()
    founder = fields.String()
    weight_kg = fields.Integer()
    hung_at = fields.AwareDateTime()
    rung = fields.Integer()


class RingSchema(Schema):
    times = fields.Integer(required=True, validate=validate.Range(1, 12))


@bells.get("")
@bells.arguments(PageWish, location="query")
@bells.response(200, paged(BellSchema))
def list_bells(where: dict[str, Any]):
    return page(g.session, select(Bell), Bell.id, **where)


@bells.post("/<uuid:bell_id>/ring")
@bells.arguments(RingSchema)
@bells.response(200, BellSchema)
def ring_bell(wish: dict[str, Any], bell_id: UUID):
    permit(g.actor.role is Role.PRINCIPAL, "Principals ring.")
    bell = g.session.get_one(Bell, bell_id)
    bell.ring(**wish)
    return bell


service = Service(
    name="belfry",
    title="Belfry",
    tables=Base.metadata,
    blueprints=[bells],
    subscriptions=Subscriptions("belfry.nothing"),
)
