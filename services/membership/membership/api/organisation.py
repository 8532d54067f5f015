"""Routes of Delegations, schools and principals."""

from uuid import UUID

from flask import g
from flask_smorest import Blueprint

from membership import queries, schemas, use_cases
from shared.web.paging import PageWish, paged

organisation = Blueprint("organisation", __name__, description="Delegations, schools, principals")


@organisation.post("/v1/delegations")
@organisation.arguments(schemas.DelegationWish)
@organisation.response(201, schemas.DelegationSchema)
def register_delegation(wish):
    """Enter a Delegation; the same code again returns the one that is there."""
    return use_cases.register_delegation(g.session, g.actor, **wish)


@organisation.get("/v1/delegations")
@organisation.arguments(PageWish, location="query")
@organisation.response(200, paged(schemas.DelegationSchema))
def list_delegations(wish):
    """The Delegations in the caller's reach."""
    return queries.delegations(g.session, g.actor, **wish)


@organisation.post("/v1/delegations/<uuid:delegation_id>/schools/import")
@organisation.arguments(schemas.ImportQuery, location="query")
@organisation.arguments(schemas.ImportFile, location="files")
@organisation.arguments(schemas.ImportMapping, location="form")
@organisation.response(200, schemas.ImportReport)
def import_schools(query, upload, form, delegation_id: UUID):
    """Import the file of schools; all rows or none."""
    rows = schemas.read_schools(upload["file"].read(), form["mapping"])
    return use_cases.import_schools(g.session, g.actor, delegation_id, rows, **query)


@organisation.get("/v1/delegations/<uuid:delegation_id>/schools")
@organisation.arguments(PageWish, location="query")
@organisation.response(200, paged(schemas.SchoolSchema))
def list_schools(wish, delegation_id: UUID):
    return queries.schools(g.session, g.actor, delegation_id, **wish)


@organisation.post("/v1/delegations/<uuid:delegation_id>/principals/import")
@organisation.arguments(schemas.ImportQuery, location="query")
@organisation.arguments(schemas.ImportFile, location="files")
@organisation.arguments(schemas.ImportMapping, location="form")
@organisation.response(200, schemas.ImportReport)
def import_principals(query, upload, form, delegation_id: UUID):
    """Import the file of principals; all rows or none."""
    rows = schemas.read_principals(upload["file"].read(), form["mapping"])
    return use_cases.import_principals(g.session, g.actor, delegation_id, rows, **query)


@organisation.get("/v1/delegations/<uuid:delegation_id>/principals")
@organisation.arguments(PageWish, location="query")
@organisation.response(200, paged(schemas.PrincipalSchema))
def list_principals(wish, delegation_id: UUID):
    return queries.principals(g.session, g.actor, delegation_id, **wish)
