"""Routes of companions."""

from uuid import UUID

from flask import g
from flask_smorest import Blueprint

from membership import queries, schemas, use_cases
from shared.web.paging import PageWish, paged

companions = Blueprint("companions", __name__, description="Who accompanies which community")


@companions.get("/v1/communities/<uuid:community_id>/companions")
@companions.arguments(PageWish, location="query")
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
