"""Routes of the election of a coordinator."""

from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.declared_refusals import raises
from shared.web.idempotency import keeps_no_answer
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

life = Blueprint("elections_life", __name__, description="How communities live, sleep and end", tag="life")


elections = Blueprint("elections", __name__, description="The election of coordinators")


@elections.post("/v1/communities/<uuid:community_id>/elections")
@raises("election.under_way", "community.dissolved")
@elections.response(201, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def call_election(community_id: UUID):
    """Call an election; members may stand from now on."""
    return use_cases.call_election(g.session, g.actor, community_id)


@elections.get("/v1/elections/<uuid:election_id>")
@elections.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def show_election(election_id: UUID):
    """How it stands; the ballots, without names, once it is closed."""
    return queries.visible_election(g.session, g.actor, election_id)


@elections.post("/v1/elections/<uuid:election_id>/stand")
@raises("election.candidacy_closed", "election.already_stands", "principal.not_found")
@elections.arguments(schemas.CandidacyRequest)
@elections.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def stand(wish, election_id: UUID):
    """The caller stands for coordinator."""
    return use_cases.stand(g.session, g.actor, election_id, **wish)


@elections.post("/v1/elections/<uuid:election_id>/open")
@raises("election.no_candidate", "election.bad_closing", "election.wrong_state")
@elections.arguments(schemas.OpeningRequest)
@elections.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def open_election(wish, election_id: UUID):
    """Freeze the roll and let the members vote."""
    return use_cases.open_election(g.session, g.actor, election_id, **wish)


@elections.post("/v1/elections/<uuid:election_id>/vote")
@raises(
    "election.not_on_roll",
    "election.not_open",
    "election.already_voted",
    "election.unknown_candidate",
    "election.receipt_taken",
)
@keeps_no_answer
@elections.arguments(schemas.VoteRequest)
@elections.response(204)
def vote(wish, election_id: UUID):
    """Cast the caller's secret vote. Safe to repeat with the same receipt; the vote closes when all have voted."""
    use_cases.vote(g.session, g.actor, election_id, **wish)


@elections.post("/v1/elections/<uuid:election_id>/confirm")
@raises("election.nobody_elected", "election.elected_has_left", "election.wrong_state")
@elections.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def confirm_coordinator(election_id: UUID):
    """The Delegation confirms who was elected: they take office."""
    return use_cases.confirm_coordinator(g.session, g.actor, election_id)


@elections.post("/v1/elections/<uuid:election_id>/refuse")
@raises("election.wrong_state")
@elections.arguments(schemas.RefusalRequest)
@elections.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def refuse_coordinator(wish, election_id: UUID):
    """The Delegation refuses who was elected, and says why."""
    return use_cases.refuse_coordinator(g.session, g.actor, election_id, **wish)


@life.post("/v1/elections/<uuid:election_id>/abandon")
@raises("election.somebody_stands", "election.wrong_state")
@life.response(200, schemas.ElectionSchema)
@audited(persons="candidates.principal_id")
def abandon_election(election_id: UUID):
    """End an election for which nobody stands; another can be called."""
    return use_cases.abandon_election(g.session, g.actor, election_id)


blueprints = [life, elections]
