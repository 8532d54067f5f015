"""Routes that enter Delegations, schools and principals by their national numbers, one by one or many at once."""

from uuid import UUID

from flask import g

from membership import organisation
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.resources import Blueprint, entered

from ..schemas import entries as schemas_entries
from ..use_cases import bulk, upserts

MISPLACED = ("unit.parent_closed", "unit.code_taken", "unit.opened_later")
entries = Blueprint("entries", __name__, description="Entries of the national lists, by their codes")


@entries.get("/v1/delegations/by-code/<code:code>")
@entries.response(200, organisation.DelegationSchema)
def get_delegation(code: str):
    """The Delegation with this code."""
    return organisation.visible_delegation(g.session, g.actor, code)


@entries.put("/v1/delegations/by-code/<code:code>")
@conditional
@raises("delegation.unknown_academy", *MISPLACED)
@entries.arguments(schemas_entries.DelegationEntry)
@entries.alt_response(201, schema=organisation.DelegationSchema, success=True)
@entries.response(200, organisation.DelegationSchema)
def put_delegation(entry, code: str):
    """Enter a Delegation, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*upserts.put_delegation(g.session, g.actor, code, **entry))


@entries.get("/v1/delegations/<uuid:delegation_id>/schools/by-code/<code:code>")
@raises("school.not_found")
@entries.response(200, organisation.SchoolSchema)
def get_school(delegation_id: UUID, code: str):
    """The school with this code, in upper or lower case."""
    return organisation.visible_school(g.session, g.actor, delegation_id, code.upper())


@entries.put("/v1/delegations/<uuid:delegation_id>/schools/by-code/<code:code>")
@conditional
@raises("import.rows_wrong", *MISPLACED)
@entries.arguments(schemas_entries.SchoolEntry)
@entries.alt_response(201, schema=organisation.SchoolSchema, success=True)
@entries.response(200, organisation.SchoolSchema)
def put_school(entry, delegation_id: UUID, code: str):
    """Enter a school, or correct the one with this code, of which the edition seen must then be named."""
    return entered(*upserts.put_school(g.session, g.actor, delegation_id, code.upper(), **entry))


@entries.post("/v1/delegations/<uuid:delegation_id>/schools/bulk")
@raises(*MISPLACED)
@entries.arguments(schemas_entries.SchoolRows)
@entries.response(200, schemas_entries.OutcomesSchema)
def put_schools(wish, delegation_id: UUID):
    """Enter or correct up to 1000 schools; each row stands alone, and its result is told."""
    return bulk.put_schools(g.session, g.actor, delegation_id, schemas_entries.school_rows(**wish))


@entries.post("/v1/delegations/<uuid:delegation_id>/principals/bulk")
@entries.arguments(schemas_entries.PrincipalRows)
@entries.response(200, schemas_entries.OutcomesSchema)
@audited(persons="entered_ids")
def put_principals(wish, delegation_id: UUID):
    """Enter or correct up to 1000 principals; each row stands alone, and its result is told."""
    return bulk.put_principals(g.session, g.actor, delegation_id, schemas_entries.principal_rows(**wish))
