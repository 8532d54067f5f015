"""Routes that enter Delegations, schools and principals by their national numbers, one by one or many at once."""

from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.things import Blueprint, entered

MISPLACED = ("unit.parent_closed", "unit.code_taken", "unit.opened_later")

entries = Blueprint("entries", __name__, description="Entries of the national lists, by their codes")


@entries.get("/v1/delegations/by-code/<code:code>")
@entries.response(200, schemas.DelegationSchema)
def get_delegation(code: str):
    """The Delegation with this code."""
    return queries.visible_delegation(g.session, g.actor, code)


@entries.put("/v1/delegations/by-code/<code:code>")
@conditional
@raises("delegation.unknown_academy", *MISPLACED)
@entries.arguments(schemas.DelegationEntry)
@entries.alt_response(201, schema=schemas.DelegationSchema, success=True)
@entries.response(200, schemas.DelegationSchema)
def put_delegation(entry, code: str):
    """Enter a Delegation, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*use_cases.put_delegation(g.session, g.actor, code, **entry))


@entries.get("/v1/delegations/<uuid:delegation_id>/schools/by-code/<code:code>")
@raises("school.not_found")
@entries.response(200, schemas.SchoolSchema)
def get_school(delegation_id: UUID, code: str):
    """The school with this code, in upper or lower case."""
    return queries.visible_school(g.session, g.actor, delegation_id, code.upper())


@entries.put("/v1/delegations/<uuid:delegation_id>/schools/by-code/<code:code>")
@conditional
@raises("import.rows_wrong", *MISPLACED)
@entries.arguments(schemas.SchoolEntry)
@entries.alt_response(201, schema=schemas.SchoolSchema, success=True)
@entries.response(200, schemas.SchoolSchema)
def put_school(entry, delegation_id: UUID, code: str):
    """Enter a school, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*use_cases.put_school(g.session, g.actor, delegation_id, code.upper(), **entry))


@entries.post("/v1/delegations/<uuid:delegation_id>/schools/bulk")
@raises(*MISPLACED)
@entries.arguments(schemas.SchoolRows)
@entries.response(200, schemas.OutcomesSchema)
def put_schools(wish, delegation_id: UUID):
    """Enter or correct up to 1000 schools; each row stands alone, and its result is told."""
    return use_cases.put_schools(g.session, g.actor, delegation_id, schemas.school_rows(**wish))


@entries.post("/v1/delegations/<uuid:delegation_id>/principals/bulk")
@entries.arguments(schemas.PrincipalRows)
@entries.response(200, schemas.OutcomesSchema)
@audited(persons="entered_ids")
def put_principals(wish, delegation_id: UUID):
    """Enter or correct up to 1000 principals; each row stands alone, and its result is told."""
    return use_cases.put_principals(g.session, g.actor, delegation_id, schemas.principal_rows(**wish))
