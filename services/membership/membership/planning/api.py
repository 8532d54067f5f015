"""Routes of plans: asked for, looked at, adjusted, compared, adopted."""

from uuid import UUID

from flask import g

from membership import schemas, use_cases
from membership.queries import plans as queries
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint

plans = Blueprint("plans", __name__, description="Plans: how to divide principals into communities")

PLANNED = "person_ids"


@plans.post("/v1/delegations/<uuid:delegation_id>/plans")
@raises(
    "plan.nobody",
    "plan.too_many_people",
    "plan.too_many_waiting",
    "plan.unknown",
    "plan.contradicts_itself",
    "unit.is_closed",
)
@plans.arguments(schemas.PlanWishes)
@plans.response(202, schemas.PlanSchema)
@audited(persons=PLANNED)
def ask_plan(wish, delegation_id: UUID):
    """Ask for a plan; it is computed beside this request, and its address tells how far that is."""
    return use_cases.ask_plan(g.session, g.actor, delegation_id, **wish)


@plans.get("/v1/delegations/<uuid:delegation_id>/plans")
@plans.arguments(PageWish, location="query")
@plans.response(200, paged(schemas.PlanLineSchema))
def list_plans(wish, delegation_id: UUID):
    """All that were asked for, the oldest first."""
    return queries.plans(g.session, g.actor, delegation_id, **wish)


@plans.get("/v1/plans/<uuid:plan_id>")
@plans.response(200, schemas.PlanSchema)
@audited(persons=PLANNED)
def show_plan(plan_id: UUID):
    """Its state, its parameters and wishes; once it is computed its figures, and by how much it misses which bounds."""
    return queries.visible_plan(g.session, g.actor, plan_id)


@plans.get("/v1/plans/<uuid:plan_id>/places")
@plans.arguments(schemas.PlacesWish, location="query")
@plans.response(200, paged(schemas.PlaceSchema))
@audited(persons="items.principal_id")
def list_places(wish, plan_id: UUID):
    """Who is in which group, and how far from its host."""
    return queries.places(g.session, g.actor, plan_id, **wish)


@plans.post("/v1/plans/<uuid:plan_id>/moves")
@conditional
@raises("plan.wrong_state", "plan.unknown", "plan.contradicts_itself")
@plans.arguments(schemas.PlaceMovesWish)
@plans.response(200, schemas.PlanSchema)
@audited(persons=PLANNED)
def move_places(wish, plan_id: UUID):
    """Put principals into other groups, where they then stay; all of these moves or none. The figures follow."""
    return use_cases.move_places(g.session, g.actor, plan_id, **wish)


@plans.delete("/v1/plans/<uuid:plan_id>/moves/<uuid:principal_id>")
@conditional
@raises("plan.wrong_state", "plan.not_moved", "plan.no_such_place")
@plans.response(200, schemas.PlanSchema)
@audited(persons=PLANNED)
def undo_move(plan_id: UUID, principal_id: UUID):
    """Take back what was moved by hand: the principal is where the computation had put them. Computed anew since, they
    stay for now, and the next computation is free to place them."""
    return use_cases.undo_move(g.session, g.actor, plan_id, principal_id)


@plans.post("/v1/plans/<uuid:plan_id>/recompute")
@conditional
@raises("plan.wrong_state", "plan.nobody", "plan.too_many_people", "unit.is_closed")
@plans.arguments(schemas.RecomputeWish)
@plans.response(202, schemas.PlanSchema)
@audited(persons=PLANNED)
def recompute_plan(wish, plan_id: UUID):
    """Compute it anew: who is fixed stays, and few of the others move."""
    return use_cases.recompute_plan(g.session, g.actor, plan_id, **wish)


@plans.post("/v1/plans/<uuid:plan_id>/discard")
@conditional
@raises("plan.wrong_state")
@plans.response(200, schemas.PlanSchema)
@audited(persons=PLANNED)
def discard_plan(plan_id: UUID):
    """Give it up. It can still be read, and compared with."""
    return use_cases.discard_plan(g.session, g.actor, plan_id)


@plans.post("/v1/plans/<uuid:plan_id>/adopt")
@conditional
@raises(
    "plan.wrong_state",
    "plan.unknown",
    "plan.contradicts_itself",
    "unit.is_closed",
    "invitation.answer_by_past",
    "invitation.answer_by_far",
)
@plans.arguments(schemas.AdoptionWish)
@plans.response(200, schemas.PlanSchema)
@audited(persons=PLANNED)
def adopt_plan(wish, plan_id: UUID):
    """Turn its groups into communities and invite everybody in them, all at once. Nobody is a member by that."""
    return use_cases.adopt_plan(g.session, g.actor, plan_id, **wish)


@plans.get("/v1/plans/<uuid:plan_id>/places/<uuid:principal_id>/explanation")
@raises("plan.no_such_place")
@plans.response(200, schemas.ExplanationSchema)
@audited(persons="person_ids")
def explain_place(plan_id: UUID, principal_id: UUID):
    """Why somebody is where they are: the nearest hosts, and what every other group would cost or break."""
    return queries.explanation(g.session, g.actor, plan_id, principal_id)


@plans.get("/v1/plans/<uuid:plan_id>/comparison")
@raises("plan.of_elsewhere")
@plans.arguments(schemas.ComparisonWish, location="query")
@plans.response(200, schemas.ComparisonSchema)
@audited(persons="changes.principal_id")
def compare_plan(wish, plan_id: UUID):
    """Beside another plan or the communities of today: how travel changes and, page by page, who changes groups."""
    return queries.comparison(g.session, g.actor, plan_id, **wish)


@plans.get("/v1/plans/<uuid:plan_id>/map.geojson")
@plans.response(200, {"type": "object", "title": "FeatureCollection"}, content_type=schemas.GEOJSON)
@audited(persons="person_ids")
def show_plan_geojson(plan_id: UUID):
    """People, hosts and the outlines of groups, for programs that show maps. It names nobody."""
    return schemas.geojson_of(queries.plan_geojson(g.session, g.actor, plan_id))


@plans.get("/v1/plans/<uuid:plan_id>/map")
@plans.response(200, {"type": "string"}, content_type=schemas.SVG)
@audited(persons="person_ids")
def show_plan_map(plan_id: UUID):
    """The same as a picture, with a legend in the language that is asked for. It names nobody."""
    return schemas.svg_of(queries.plan_map(g.session, g.actor, plan_id))
