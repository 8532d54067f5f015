"""Routes of posts, and of officers and companions as people who are written to."""

from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint, entered

from . import queries, schemas, use_cases

offices = Blueprint("offices", __name__, description="Officers and companions, and where they are written to")


@offices.get("/v1/units/<uuid:unit_id>/officers")
@offices.arguments(PageRequest, location="query")
@offices.response(200, paged(schemas.OfficerSchema))
@audited(persons="items.officer_id")
def list_officers(wish, unit_id: UUID):
    """Those who act for the Ministry, an academy or a Delegation now."""
    return queries.officers(g.session, g.actor, unit_id, **wish)


@offices.get("/v1/units/<uuid:unit_id>/officers/<uuid:officer_id>")
@offices.response(200, schemas.OfficerSchema)
@audited(persons="officer_id")
def get_officer(unit_id: UUID, officer_id: UUID):
    """Somebody who acts for this unit."""
    return queries.visible_officer(g.session, g.actor, unit_id, officer_id)


@offices.put("/v1/units/<uuid:unit_id>/officers/<uuid:officer_id>")
@conditional
@offices.arguments(schemas.OfficerEntry)
@offices.alt_response(201, schema=schemas.OfficerSchema, success=True)
@offices.response(200, schemas.OfficerSchema)
@audited(persons="officer_id")
def appoint_officer(entry, unit_id: UUID, officer_id: UUID):
    """Enter somebody who acts for this unit, or correct their entry; the id is that of their tokens."""
    return entered(*use_cases.appoint_officer(g.session, g.actor, unit_id, officer_id, **entry))


@offices.delete("/v1/units/<uuid:unit_id>/officers/<uuid:officer_id>")
@offices.response(200, schemas.OfficerWithdrawnSchema)
@raises("officer.not_found")
@audited(persons="officer_id")
def withdraw_officer(unit_id: UUID, officer_id: UUID):
    """They act for this unit no more; their name and address go."""
    return use_cases.withdraw_officer(g.session, g.actor, unit_id, officer_id)


@offices.get("/v1/companions")
@offices.arguments(PageRequest, location="query")
@offices.response(200, paged(schemas.CompanionSchema))
@audited(persons="items.id")
def list_registered_companions(wish):
    """The companions whom the caller's office, or one below it, has entered."""
    return queries.registered_companions(g.session, g.actor, **wish)


@offices.get("/v1/companions/<uuid:companion_id>")
@offices.response(200, schemas.CompanionSchema)
@audited(persons="id")
def get_companion(companion_id: UUID):
    """A companion, as their office and they themself see them."""
    return queries.visible_companion(g.session, g.actor, companion_id)


@offices.put("/v1/companions/<uuid:companion_id>")
@conditional
@offices.arguments(schemas.CompanionEntry)
@offices.alt_response(201, schema=schemas.CompanionSchema, success=True)
@offices.response(200, schemas.CompanionSchema)
@audited(persons="id")
def register_companion(entry, companion_id: UUID):
    """Enter somebody who can accompany communities, or correct their entry; the id is that of their tokens."""
    return entered(*use_cases.register_companion(g.session, g.actor, companion_id, **entry))


people = Blueprint("people", __name__, description="Who heads which school, and since when")


@people.get("/v1/delegations/<uuid:delegation_id>/posts")
@people.arguments(schemas.PostsRequest, location="query")
@people.response(200, paged(schemas.PostSchema))
@audited(persons="items.holders.principal_id")
def list_posts(wish, delegation_id: UUID):
    """The main schools of a Delegation on a day, with whoever headed them then."""
    return queries.posts(g.session, g.actor, delegation_id, **wish)


blueprints = [offices, people]
