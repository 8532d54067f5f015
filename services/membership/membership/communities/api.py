"""Routes of canvases: what is thought through before a community is founded."""

from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint

canvases = Blueprint("canvases", __name__, description="Initiation canvases, from a first thought to a community")


@canvases.post("/v1/delegations/<uuid:delegation_id>/canvases")
@raises("unit.is_closed")
@canvases.arguments(schemas.CanvasWish)
@canvases.response(201, schemas.CanvasSchema)
@audited(persons="principal_id")
def draft_canvas(wish, delegation_id: UUID):
    """Begin a canvas, as far as it is thought through today."""
    return use_cases.draft_canvas(g.session, g.actor, delegation_id, **wish)


@canvases.get("/v1/delegations/<uuid:delegation_id>/canvases")
@canvases.arguments(PageWish, location="query")
@canvases.response(200, paged(schemas.CanvasSchema))
@audited(persons="items.principal_id")
def list_canvases(wish, delegation_id: UUID):
    """The canvases of a Delegation; to a principal, their own."""
    return queries.canvases(g.session, g.actor, delegation_id, **wish)


@canvases.get("/v1/canvases/<uuid:canvas_id>")
@canvases.response(200, schemas.CanvasSchema)
@audited(persons="principal_id")
def show_canvas(canvas_id: UUID):
    """A canvas, and what founding still needs."""
    return queries.visible_canvas(g.session, g.actor, canvas_id)


@canvases.put("/v1/canvases/<uuid:canvas_id>")
@conditional
@raises("canvas.wrong_state")
@canvases.arguments(schemas.CanvasWish)
@canvases.response(200, schemas.CanvasSchema)
@audited(persons="principal_id")
def change_canvas(wish, canvas_id: UUID):
    """Write the whole canvas anew; what is left out is blank."""
    return use_cases.change_canvas(g.session, g.actor, canvas_id, **wish)


@canvases.post("/v1/canvases/<uuid:canvas_id>/found")
@raises("canvas.incomplete", "canvas.wrong_state", "unit.is_closed")
@canvases.arguments(schemas.FoundingWish)
@canvases.response(201, schemas.CommunitySchema)
def found_community(wish, canvas_id: UUID):
    """Plan the community that was thought through; it keeps its canvas."""
    return use_cases.found_community(g.session, g.actor, canvas_id, **wish)


@canvases.post("/v1/canvases/<uuid:canvas_id>/discard")
@raises("canvas.wrong_state")
@canvases.response(200, schemas.CanvasSchema)
@audited(persons="principal_id")
def discard_canvas(canvas_id: UUID):
    """Nothing comes of it."""
    return use_cases.discard_canvas(g.session, g.actor, canvas_id)


@canvases.get("/v1/communities/<uuid:community_id>/canvas")
@raises("canvas.not_found")
@canvases.response(200, schemas.CanvasSchema)
@audited(persons="principal_id")
def show_canvas_of_community(community_id: UUID):
    """The canvas from which the community was founded."""
    return queries.canvas_of(g.session, g.actor, community_id)
