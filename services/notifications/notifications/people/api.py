"""HTTP in, HTTP out: what has been told here so far."""

from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.resources import Blueprint

from . import queries, schemas
from .projections import Recipient

known = Blueprint("known", __name__, url_prefix="/v1", description="What has been told here so far")


@known.get("/recipients/<uuid:principal_id>")
@known.response(200, schemas.RecipientSchema)
@audited(persons="principal_id")
def read_recipient(principal_id: UUID) -> Recipient:
    """What has been told here of somebody who gets mail."""
    return queries.recipient_as_known(g.session, g.actor, principal_id)


@known.get("/communities/<uuid:community_id>")
@known.response(200, schemas.CommunitySchema)
def read_community(community_id: UUID) -> queries.CommunityAsKnown:
    """What has been told here of a community."""
    return queries.community_as_known(g.session, g.actor, community_id)


blueprints = [known]
