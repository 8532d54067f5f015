"""Routes of academies."""

from flask import g
from flask_smorest import Blueprint

from membership import queries, schemas, use_cases
from shared.web.paging import PageWish, paged

academies = Blueprint("academies", __name__, description="Academies, above the Delegations")


@academies.get("/v1/academies")
@academies.arguments(PageWish, location="query")
@academies.response(200, paged(schemas.AcademySchema))
def list_academies(wish):
    """The academies in the caller's reach."""
    return queries.academies(g.session, g.actor, **wish)


@academies.put("/v1/academies/by-code/<code>")
@academies.arguments(schemas.AcademyWish)
@academies.response(200, schemas.AcademySchema)
def put_academy(wish, code: str):
    """Enter an academy, or correct the names of the one with this code."""
    return use_cases.put_academy(g.session, g.actor, code, **wish)
