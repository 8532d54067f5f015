"""Routes of the life of communities: their rules, the ten steps, silence and end."""

from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint

life = Blueprint("life", __name__, description="How communities live, sleep and end")


@life.post("/v1/communities/<uuid:community_id>/rules")
@raises("community.dissolved", "rules.no_text", "rules.adopted_later", "rules.adopted_earlier", "rules.unchanged")
@life.arguments(schemas.RulesWish)
@life.response(201, schemas.RulesSchema)
def adopt_rules(wish, community_id: UUID):
    """Write down the rules that the members have adopted at a meeting: a new edition, the one before it stays.

    `If-Match` names the edition that was in force, if there was one. The next election is held by the new rules.
    """
    return use_cases.adopt_rules(g.session, g.actor, community_id, **wish)


@life.get("/v1/communities/<uuid:community_id>/rules")
@life.arguments(PageWish, location="query")
@life.response(200, paged(schemas.RulesSchema))
def list_rules(wish, community_id: UUID):
    """All editions, the first first."""
    return queries.all_rules(g.session, g.actor, community_id, **wish)


@life.get("/v1/communities/<uuid:community_id>/rules/current")
@raises("rules.not_found")
@life.response(200, schemas.RulesSchema)
def show_rules_in_force(community_id: UUID):
    """The latest edition."""
    return queries.rules_in_force(g.session, g.actor, community_id)


@life.get("/v1/communities/<uuid:community_id>/rules/<int:edition>")
@raises("rules.not_found")
@life.response(200, schemas.RulesSchema)
def show_rules(community_id: UUID, edition: int):
    """One edition, in force or past."""
    return queries.rules_of_edition(g.session, g.actor, community_id, edition)


@life.get("/v1/communities/<uuid:community_id>/steps")
@life.response(200, schemas.TenStepsSchema)
def show_steps(community_id: UUID):
    """The ten steps of launching a community, each with the facts that prove it; nothing is ticked by hand."""
    return {"steps": queries.steps(g.session, g.actor, community_id)}


@life.get("/v1/delegations/<uuid:delegation_id>/communities/silent")
@life.arguments(PageWish, location="query")
@life.response(200, paged(schemas.SilentCommunitySchema))
def list_silent_communities(wish, delegation_id: UUID):
    """Communities that sleep, or will unless something happens; with the reasons, and when."""
    return queries.silent_communities(g.session, g.actor, delegation_id, **wish)


@life.post("/v1/communities/<uuid:community_id>/dissolve")
@raises("community.dissolved")
@life.arguments(schemas.DissolutionWish)
@life.response(200, schemas.CommunitySchema)
@audited(persons="coordinator_id")
def dissolve_community(wish, community_id: UUID):
    """End a community, with a reason that its members are told. What it has written stays."""
    return use_cases.dissolve_community(g.session, g.actor, community_id, **wish)


@life.post("/v1/elections/<uuid:election_id>/abandon")
@raises("election.somebody_stands", "election.wrong_state")
@life.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def abandon_election(election_id: UUID):
    """End an election for which nobody stands; another can be called."""
    return use_cases.abandon_election(g.session, g.actor, election_id)
