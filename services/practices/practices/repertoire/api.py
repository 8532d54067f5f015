"""HTTP in, HTTP out: no rule here."""

from typing import Any
from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

communities = Blueprint("communities", __name__, url_prefix="/v1/communities", description="Communities as known here")


practices = Blueprint("practices", __name__, url_prefix="/v1/practices", description="The shared repertoire")


@communities.get("/<uuid:community_id>")
@communities.response(200, schemas.CommunitySchema)
def get_community(community_id: UUID):
    """What is known here of a community. 404 until membership has told of it."""
    return queries.community_card(g.session, g.actor, community_id)


@communities.post("/<uuid:community_id>/practices")
@communities.arguments(schemas.DraftSchema)
@communities.response(201, schemas.PracticeSchema)
@audited(persons="author_id")
def draft_practice(text: dict[str, Any], community_id: UUID):
    """Begin a practice; only its author sees it until it is published."""
    return use_cases.draft_practice(g.session, g.actor, community_id, **text)


@practices.get("/<uuid:practice_id>")
@practices.response(200, schemas.PracticeSchema)
@audited(persons="author_id")
def get_practice(practice_id: UUID):
    """The whole of a practice."""
    return queries.practice_for(g.session, g.actor, practice_id)


@practices.post("/<uuid:practice_id>/revise")
@raises("practice.wrong_state")
@conditional
@practices.arguments(schemas.ReviseSchema)
@practices.response(200, schemas.PracticeSchema)
@audited(persons="author_id")
def revise_practice(changes: dict[str, Any], practice_id: UUID):
    """Change a draft: what is sent, and nothing else."""
    return use_cases.revise_practice(g.session, g.actor, practice_id, **changes)


@practices.post("/<uuid:practice_id>/publish")
@raises("practice.incomplete", "practice.wrong_state")
@conditional
@practices.response(200, schemas.PracticeSchema)
@audited(persons="author_id")
def publish_practice(practice_id: UUID):
    """Let its audience read it, and tell the community."""
    return use_cases.publish_practice(g.session, g.actor, practice_id)


@practices.post("/<uuid:practice_id>/archive")
@raises("practice.wrong_state")
@conditional
@practices.response(200, schemas.PracticeSchema)
@audited(persons="author_id")
def archive_practice(practice_id: UUID):
    """Take it out of the repertoire; its author and community keep it."""
    return use_cases.archive_practice(g.session, g.actor, practice_id)


blueprints = [communities, practices]
