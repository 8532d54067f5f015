"""Routes of posts, mouvements and people's histories."""

from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint

people = Blueprint("people", __name__, description="Who heads which school, and since when")


@people.post("/v1/units/<uuid:unit_id>/mouvements")
@raises("mouvement.conflicts")
@people.arguments(schemas.MouvementQuery, location="query")
@people.arguments(schemas.MouvementWish)
@people.response(200, schemas.MouvementPlanSchema)
@audited(persons="moves.principal_id")
def plan_mouvement(query, wish, unit_id: UUID):
    """Move up to 3000 principals to other posts on one day, all or none; `dry_run` tells what would come of it."""
    return use_cases.plan_mouvement(g.session, g.actor, unit_id, **wish, **query)


@people.get("/v1/operations/<uuid:operation_id>/transfers")
@people.arguments(PageWish, location="query")
@people.response(200, paged(schemas.TransferSchema))
@audited(persons="items.principal_id")
def list_transfers(wish, operation_id: UUID):
    """Whom a mouvement moves, and what became of their home communities by it or by its undoing."""
    return queries.visible_transfers(g.session, g.actor, operation_id, **wish)


@people.get("/v1/delegations/<uuid:delegation_id>/posts")
@people.arguments(schemas.PostsWish, location="query")
@people.response(200, paged(schemas.PostSchema))
@audited(persons="items.holders.principal_id")
def list_posts(wish, delegation_id: UUID):
    """The main schools of a Delegation on a day, with whoever headed them then."""
    return queries.posts(g.session, g.actor, delegation_id, **wish)


@people.get("/v1/delegations/<uuid:delegation_id>/without-home")
@people.arguments(PageWish, location="query")
@people.response(200, paged(schemas.HomelessSchema))
@audited(persons="items.principal.id")
def list_without_home(wish, delegation_id: UUID):
    """The principals in post who belong to no home community, each with the reason."""
    return queries.without_home(g.session, g.actor, delegation_id, **wish)


@people.get("/v1/principals/<uuid:principal_id>/history")
@people.response(200, schemas.HistorySchema)
@audited(persons="principal_id")
def show_history(principal_id: UUID):
    """The posts that somebody held and the communities to which they belonged, the latest first."""
    return queries.history(g.session, g.actor, principal_id)


@people.get("/v1/communities/<uuid:community_id>/stays")
@people.arguments(schemas.StaysWish, location="query")
@people.response(200, paged(schemas.StaySchema))
@audited(persons="items.principal_id")
def list_stays(wish, community_id: UUID):
    """Who belonged to a community, from when to when, and why they went."""
    return queries.stays(g.session, g.actor, community_id, **wish)
