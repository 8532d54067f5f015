"""Routes of academies."""

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.conditions import conditional
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint, entered

academies = Blueprint("academies", __name__, description="Academies, above the Delegations")


@academies.get("/v1/academies")
@academies.arguments(PageWish, location="query")
@academies.response(200, paged(schemas.AcademySchema))
def list_academies(wish):
    """The academies in the caller's reach."""
    return queries.academies(g.session, g.actor, **wish)


@academies.get("/v1/academies/by-code/<code:code>")
@academies.response(200, schemas.AcademySchema)
def get_academy(code: str):
    """The academy with this code."""
    return queries.visible_academy(g.session, g.actor, code)


@academies.put("/v1/academies/by-code/<code:code>")
@conditional
@raises("unit.code_taken", "unit.parent_closed", "unit.opened_later")
@academies.arguments(schemas.AcademyWish)
@academies.alt_response(201, schema=schemas.AcademySchema, success=True)
@academies.response(200, schemas.AcademySchema)
def put_academy(wish, code: str):
    """Enter an academy, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*use_cases.put_academy(g.session, g.actor, code, **wish))
