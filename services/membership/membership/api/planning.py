"""Routes of planning beyond one plan: rounds of many Delegations, distances by road, measures for who is far."""

from uuid import UUID

from flask import g

from membership import schemas, use_cases
from membership.queries import plans as queries
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.paging import paged
from shared.web.things import Blueprint

planning = Blueprint("planning", __name__, description="Rounds of plans, distances, and measures for who is far")


@planning.post("/v1/planning-rounds")
@raises("plan.contradicts_itself", "planning_round.under_way")
@planning.arguments(schemas.PlanningRoundWish)
@planning.response(202, schemas.PlanningRoundSchema)
def ask_planning_round(wish):
    """Ask for one plan for each Delegation in the caller's reach; all with the same bounds and weights."""
    return use_cases.ask_planning_round(g.session, g.actor, **wish)


@planning.get("/v1/planning-rounds/<uuid:round_id>")
@planning.response(200, schemas.PlanningRoundSchema)
def show_planning_round(round_id: UUID):
    """How far the round is, and the figures of each plan that is ready."""
    return queries.visible_round(g.session, g.actor, round_id)


@planning.put("/v1/delegations/<uuid:delegation_id>/distances")
@raises("plan.unknown", "plan.too_many_distances")
@planning.arguments(schemas.DistancesWish)
@planning.response(200, schemas.DistancesSchema)
def put_distances(wish, delegation_id: UUID):
    """Add or correct distances between schools, as roads go. Pairs without one are taken as the crow flies."""
    return {"pairs": use_cases.put_distances(g.session, g.actor, delegation_id, **wish)}


@planning.delete("/v1/delegations/<uuid:delegation_id>/distances")
@planning.response(204)
def delete_distances(delegation_id: UUID):
    """Forget all distances that were given for this Delegation."""
    use_cases.delete_distances(g.session, g.actor, delegation_id)


@planning.put("/v1/delegations/<uuid:delegation_id>/measures/<uuid:principal_id>")
@raises("invitation.unknown_principal")
@planning.arguments(schemas.MeasuresWish)
@planning.response(200, schemas.MeasuresSchema)
@audited(persons="principal_id")
def put_measures(wish, delegation_id: UUID, principal_id: UUID):
    """Record which measures there are for somebody who has far to go. Safe to repeat."""
    kept = use_cases.put_measures(g.session, g.actor, delegation_id, principal_id, **wish)
    return {"principal_id": principal_id, "measures": kept}


@planning.get("/v1/delegations/<uuid:delegation_id>/far")
@planning.arguments(schemas.FarWish, location="query")
@planning.response(200, paged(schemas.FarSchema))
@audited(persons="items.principal_id")
def list_far(wish, delegation_id: UUID):
    """Who has far to go to where their community meets, and which measures there are for them."""
    return queries.far(g.session, g.actor, delegation_id, **wish)
