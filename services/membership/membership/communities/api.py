"""Routes of communities before anybody belongs to them: planned, thought through, given rules and companions."""

from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

life = Blueprint("communities_life", __name__, description="How communities live, sleep and end", tag="life")


canvases = Blueprint("canvases", __name__, description="Initiation canvases, from a first thought to a community")


@canvases.post("/v1/delegations/<uuid:delegation_id>/canvases")
@raises("unit.is_closed")
@canvases.arguments(schemas.CanvasRequest)
@canvases.response(201, schemas.CanvasSchema)
@audited(persons="principal_id")
def draft_canvas(wish, delegation_id: UUID):
    """Begin a canvas, as far as it is thought through today."""
    return use_cases.draft_canvas(g.session, g.actor, delegation_id, **wish)


@canvases.get("/v1/delegations/<uuid:delegation_id>/canvases")
@canvases.arguments(PageRequest, location="query")
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
@canvases.arguments(schemas.CanvasRequest)
@canvases.response(200, schemas.CanvasSchema)
@audited(persons="principal_id")
def change_canvas(wish, canvas_id: UUID):
    """Write the whole canvas anew; what is left out is blank."""
    return use_cases.change_canvas(g.session, g.actor, canvas_id, **wish)


@canvases.post("/v1/canvases/<uuid:canvas_id>/found")
@raises("canvas.incomplete", "canvas.wrong_state", "unit.is_closed")
@canvases.arguments(schemas.FoundingRequest)
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


communities = Blueprint("communities", __name__, description="Communities and who belongs to them")


@communities.post("/v1/delegations/<uuid:delegation_id>/communities")
@raises("unit.is_closed")
@communities.arguments(schemas.CommunityRequest)
@communities.response(201, schemas.CommunitySchema)
def plan_community(wish, delegation_id: UUID):
    """Plan a community; its members are invited next."""
    return use_cases.plan_community(g.session, g.actor, delegation_id, **wish)


@communities.get("/v1/communities/<uuid:community_id>")
@communities.response(200, schemas.CommunitySchema)
def show_community(community_id: UUID):
    """A community: its state, its coordinator, its rules."""
    return queries.visible_community(g.session, g.actor, community_id)


companions = Blueprint("companions", __name__, description="Who accompanies which community")


@companions.get("/v1/communities/<uuid:community_id>/companions")
@companions.arguments(PageRequest, location="query")
@companions.response(200, paged(schemas.AccompanimentSchema))
def list_companions(wish, community_id: UUID):
    """Those who accompany it now."""
    return queries.companions(g.session, g.actor, community_id, **wish)


@companions.put("/v1/communities/<uuid:community_id>/companions/<uuid:companion_id>")
@companions.response(200, schemas.AccompanimentSchema)
def give_companion(community_id: UUID, companion_id: UUID):
    """From now on this companion sees what the members let them see. The id is that of their tokens."""
    return use_cases.give_companion(g.session, g.actor, community_id, companion_id)


@companions.delete("/v1/communities/<uuid:community_id>/companions/<uuid:companion_id>")
@companions.response(204)
def withdraw_companion(community_id: UUID, companion_id: UUID):
    """From now on this companion sees no more of it than others do."""
    use_cases.withdraw_companion(g.session, g.actor, community_id, companion_id)


@life.post("/v1/communities/<uuid:community_id>/rules")
@raises("community.dissolved", "rules.no_text", "rules.adopted_later", "rules.adopted_earlier", "rules.unchanged")
@life.arguments(schemas.RulesRequest)
@life.response(201, schemas.RulesSchema)
def adopt_rules(wish, community_id: UUID):
    """Write down the rules that the members have adopted at a meeting: a new edition, the one before it stays.

    `If-Match` names the edition that was in force, if there was one. The next election is held by the new rules.
    """
    return use_cases.adopt_rules(g.session, g.actor, community_id, **wish)


@life.get("/v1/communities/<uuid:community_id>/rules")
@life.arguments(PageRequest, location="query")
@life.response(200, paged(schemas.RulesSchema))
def list_rules(wish, community_id: UUID):
    """All editions, the first first."""
    return queries.all_rules(g.session, g.actor, community_id, **wish)


@life.get("/v1/communities/<uuid:community_id>/rules/<int:edition>")
@raises("rules.not_found")
@life.response(200, schemas.RulesSchema)
def show_rules(community_id: UUID, edition: int):
    """One edition, in force or past."""
    return queries.rules_of_edition(g.session, g.actor, community_id, edition)


blueprints = [life, canvases, communities, companions]
