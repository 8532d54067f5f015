"""Routes of plans: asked for, looked at, adjusted, compared, adopted."""

from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from .queries import comparison, explanation, far, maps, reading
from .schemas import plan_answers, plan_maps
from .schemas import plans as schemas_plans
from .use_cases import adjusting, adoption, asking, dispersion

planning = Blueprint("planning", __name__, description="Rounds of plans, distances, and measures for who is far")


@planning.post("/v1/planning-rounds")
@raises("plan.contradicts_itself", "planning_round.under_way")
@planning.arguments(schemas_plans.PlanningRoundRequest)
@planning.response(202, plan_answers.PlanningRoundSchema)
def ask_planning_round(wish):
    """Ask for one plan for each Delegation in the caller's reach; all with the same bounds and weights."""
    return asking.ask_planning_round(g.session, g.actor, **wish)


@planning.get("/v1/planning-rounds/<uuid:round_id>")
@planning.response(200, plan_answers.PlanningRoundSchema)
def show_planning_round(round_id: UUID):
    """How far the round is, and the figures of each plan that is ready."""
    return reading.visible_round(g.session, g.actor, round_id)


@planning.put("/v1/delegations/<uuid:delegation_id>/distances")
@raises("plan.unknown", "plan.too_many_distances")
@planning.arguments(schemas_plans.DistancesRequest)
@planning.response(200, schemas_plans.DistancesSchema)
def put_distances(wish, delegation_id: UUID):
    """Add or correct distances between schools, as roads go. Pairs without one are taken as the crow flies."""
    return {"pairs": dispersion.put_distances(g.session, g.actor, delegation_id, **wish)}


@planning.delete("/v1/delegations/<uuid:delegation_id>/distances")
@planning.response(204)
def delete_distances(delegation_id: UUID):
    """Forget all distances that were given for this Delegation."""
    dispersion.delete_distances(g.session, g.actor, delegation_id)


@planning.put("/v1/delegations/<uuid:delegation_id>/measures/<uuid:principal_id>")
@raises("invitation.unknown_principal")
@planning.arguments(schemas_plans.MeasuresRequest)
@planning.response(200, schemas_plans.MeasuresSchema)
@audited(persons="principal_id")
def put_measures(wish, delegation_id: UUID, principal_id: UUID):
    """Record which measures there are for somebody who has far to go. Safe to repeat."""
    kept = dispersion.put_measures(g.session, g.actor, delegation_id, principal_id, **wish)
    return {"principal_id": principal_id, "measures": kept}


@planning.get("/v1/delegations/<uuid:delegation_id>/far")
@planning.arguments(schemas_plans.FarRequest, location="query")
@planning.response(200, paged(schemas_plans.FarSchema))
@audited(persons="items.principal_id")
def list_far(wish, delegation_id: UUID):
    """Who has far to go to where their community meets, and which measures there are for them."""
    return far.far(g.session, g.actor, delegation_id, **wish)


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
@plans.arguments(schemas_plans.PlanWishes)
@plans.response(202, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def ask_plan(wish, delegation_id: UUID):
    """Ask for a plan; it is computed beside this request, and its address tells how far that is."""
    return asking.ask_plan(g.session, g.actor, delegation_id, **wish)


@plans.get("/v1/delegations/<uuid:delegation_id>/plans")
@plans.arguments(PageRequest, location="query")
@plans.response(200, paged(plan_answers.PlanLineSchema))
def list_plans(wish, delegation_id: UUID):
    """All that were asked for, the oldest first."""
    return reading.plans(g.session, g.actor, delegation_id, **wish)


@plans.get("/v1/plans/<uuid:plan_id>")
@plans.response(200, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def show_plan(plan_id: UUID):
    """Its state, its parameters and wishes; once it is computed its figures, and by how much it misses which bounds."""
    return reading.visible_plan(g.session, g.actor, plan_id)


@plans.get("/v1/plans/<uuid:plan_id>/places")
@plans.arguments(schemas_plans.PlacesRequest, location="query")
@plans.response(200, paged(plan_answers.PlaceSchema))
@audited(persons="items.principal_id")
def list_places(wish, plan_id: UUID):
    """Who is in which group, and how far from its host."""
    return reading.places(g.session, g.actor, plan_id, **wish)


@plans.post("/v1/plans/<uuid:plan_id>/moves")
@conditional
@raises("plan.wrong_state", "plan.unknown", "plan.contradicts_itself")
@plans.arguments(schemas_plans.PlaceMovesRequest)
@plans.response(200, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def move_places(wish, plan_id: UUID):
    """Put principals into other groups, where they then stay; all of these moves or none. The figures follow."""
    return adjusting.move_places(g.session, g.actor, plan_id, **wish)


@plans.delete("/v1/plans/<uuid:plan_id>/moves/<uuid:principal_id>")
@conditional
@raises("plan.wrong_state", "plan.not_moved", "plan.no_such_place")
@plans.response(200, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def undo_move(plan_id: UUID, principal_id: UUID):
    """Take back what was moved by hand: the principal is where the computation had put them. Computed anew since, they
    stay for now, and the next computation is free to place them."""
    return adjusting.undo_move(g.session, g.actor, plan_id, principal_id)


@plans.post("/v1/plans/<uuid:plan_id>/recompute")
@conditional
@raises("plan.wrong_state", "plan.nobody", "plan.too_many_people", "unit.is_closed")
@plans.arguments(schemas_plans.RecomputeRequest)
@plans.response(202, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def recompute_plan(wish, plan_id: UUID):
    """Compute it anew: who is fixed stays, and few of the others move."""
    return asking.recompute_plan(g.session, g.actor, plan_id, **wish)


@plans.post("/v1/plans/<uuid:plan_id>/discard")
@conditional
@raises("plan.wrong_state")
@plans.response(200, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def discard_plan(plan_id: UUID):
    """Give it up. It can still be read, and compared with."""
    return asking.discard_plan(g.session, g.actor, plan_id)


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
@plans.arguments(schemas_plans.AdoptionRequest)
@plans.response(200, plan_answers.PlanSchema)
@audited(persons=PLANNED)
def adopt_plan(wish, plan_id: UUID):
    """Turn its groups into communities and invite everybody in them, all at once. Nobody is a member by that."""
    return adoption.adopt_plan(g.session, g.actor, plan_id, **wish)


@plans.get("/v1/plans/<uuid:plan_id>/places/<uuid:principal_id>/explanation")
@raises("plan.no_such_place")
@plans.response(200, plan_answers.ExplanationSchema)
@audited(persons="person_ids")
def explain_place(plan_id: UUID, principal_id: UUID):
    """Why somebody is where they are: the nearest hosts, and what every other group would cost or break."""
    return explanation.explanation(g.session, g.actor, plan_id, principal_id)


@plans.get("/v1/plans/<uuid:plan_id>/comparison")
@raises("plan.of_elsewhere")
@plans.arguments(schemas_plans.ComparisonRequest, location="query")
@plans.response(200, plan_answers.ComparisonSchema)
@audited(persons="changes.principal_id")
def compare_plan(wish, plan_id: UUID):
    """Beside another plan or the communities of today: how travel changes and, page by page, who changes groups."""
    return comparison.comparison(g.session, g.actor, plan_id, **wish)


@plans.get("/v1/plans/<uuid:plan_id>/map.geojson")
@plans.response(200, {"type": "object", "title": "FeatureCollection"}, content_type=plan_maps.GEOJSON)
@audited(persons="person_ids")
def show_plan_geojson(plan_id: UUID):
    """People, hosts and the outlines of groups, for programs that show maps. It names nobody."""
    return plan_maps.geojson_of(maps.plan_geojson(g.session, g.actor, plan_id))


@plans.get("/v1/plans/<uuid:plan_id>/map")
@plans.response(200, {"type": "string"}, content_type=plan_maps.SVG)
@audited(persons="person_ids")
def show_plan_map(plan_id: UUID):
    """The same as a picture, with a legend in the language that is asked for. It names nobody."""
    return plan_maps.svg_of(maps.plan_map(g.session, g.actor, plan_id))


blueprints = [planning, plans]
