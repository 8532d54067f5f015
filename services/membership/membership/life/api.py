"""Routes of the life of communities: the ten steps, silence and end."""

from uuid import UUID

from flask import g

from membership import communities
from shared.web.audit import audited
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

life = Blueprint("life", __name__, description="How communities live, sleep and end")


@life.get("/v1/communities/<uuid:community_id>/rules/current")
@raises("rules.not_found")
@life.response(200, communities.RulesSchema)
def show_rules_in_force(community_id: UUID):
    """The latest edition."""
    return communities.rules_in_force(g.session, g.actor, community_id)


@life.get("/v1/communities/<uuid:community_id>/steps")
@life.response(200, schemas.TenStepsSchema)
def show_steps(community_id: UUID):
    """The ten steps of launching a community, each with the facts that prove it; nothing is ticked by hand."""
    return {"steps": queries.steps(g.session, g.actor, community_id)}


@life.get("/v1/delegations/<uuid:delegation_id>/communities/silent")
@life.arguments(PageRequest, location="query")
@life.response(200, paged(schemas.SilentCommunitySchema))
def list_silent_communities(wish, delegation_id: UUID):
    """Communities that sleep, or will unless something happens; with the reasons, and when."""
    return queries.silent_communities(g.session, g.actor, delegation_id, **wish)


@life.post("/v1/communities/<uuid:community_id>/dissolve")
@raises("community.dissolved")
@life.arguments(schemas.DissolutionRequest)
@life.response(200, communities.CommunitySchema)
@audited(persons="coordinator_id")
def dissolve_community(wish, community_id: UUID):
    """End a community, with a reason that its members are told. What it has written stays."""
    return use_cases.dissolve_community(g.session, g.actor, community_id, **wish)


blueprints = [life]
