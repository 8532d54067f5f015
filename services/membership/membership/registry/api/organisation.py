"""Routes of Delegations, schools and principals."""

from datetime import date
from uuid import UUID

from flask import g
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict

from membership import people
from membership.organisation import (
    DelegationRequest,
    DelegationSchema,
    ImportForm,
    ImportQuery,
    ImportReport,
    SchoolSchema,
    delegations,
)
from shared.web.audit import audited
from shared.web.declared_refusals import raises
from shared.web.deprecation import deprecated
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from ..queries import lists as queries_lists
from ..schemas import imports, lists
from ..use_cases import organisation as use_cases_organisation

UNREADABLE = (
    "import.ambiguous_dates",
    "import.cell_too_long",
    "import.empty_file",
    "import.merged_header",
    "import.columns_twice",
    "import.no_columns",
    "import.no_such_sheet",
    "import.not_a_table",
    "import.not_csv",
    "import.not_in_encoding",
    "import.not_utf8",
    "import.not_xlsx",
    "import.old_excel",
    "import.swapped_columns",
    "import.too_many_columns",
    "import.too_many_rows",
    "import.unknown_encoding",
    "import.zip_bomb",
)
UNPLACED = ("unit.code_taken", "unit.opened_later", "unit.parent_closed")


class _Forms(FlaskParser):
    """Reads a form whose fields and files stand side by side, as browsers send it."""

    def load_form(self, req, schema):
        return self._makeproxy(CombinedMultiDict([req.form, req.files]), schema)


class FormBlueprint(Blueprint):
    """Of routes to which files are sent."""

    ARGUMENTS_PARSER = _Forms()


organisation = FormBlueprint("organisation", __name__, description="Delegations, schools, principals")


@organisation.post("/v1/delegations")
@deprecated(since=date(2026, 11, 21), sunset=date(2027, 9, 1), instead="delegations/by-code/{code}")
@raises("delegation.unknown_academy", "unit.code_taken", "unit.parent_closed")
@organisation.arguments(DelegationRequest)
@organisation.response(201, DelegationSchema)
def register_delegation(wish):
    """Enter a Delegation; the same code again returns the one that is there, its names corrected."""
    return use_cases_organisation.register_delegation(g.session, g.actor, **wish)


@organisation.get("/v1/delegations")
@organisation.arguments(PageRequest, location="query")
@organisation.response(200, paged(DelegationSchema))
def list_delegations(wish):
    """The Delegations in the caller's reach."""
    return delegations(g.session, g.actor, **wish)


@organisation.post("/v1/delegations/<uuid:delegation_id>/schools/import")
@raises("import.bad_mapping", "import.rows_wrong", *UNREADABLE, *UNPLACED)
@organisation.arguments(ImportQuery, location="query")
@organisation.arguments(ImportForm, location="form", content_type="multipart/form-data")
@organisation.response(200, ImportReport)
def import_schools(query, form, delegation_id: UUID):
    """Import the file of schools; all rows or none."""
    sheet = imports.read_schools(**form)
    return use_cases_organisation.import_schools(g.session, g.actor, delegation_id, sheet, **query)


@organisation.get("/v1/delegations/<uuid:delegation_id>/schools")
@raises("request.unknown_cursor")
@organisation.arguments(lists.SchoolsRequest, location="query")
@organisation.response(200, paged(SchoolSchema, is_sorted=True))
def list_schools(wish, delegation_id: UUID):
    """The schools of a Delegation, satellites among them."""
    return queries_lists.schools(g.session, g.actor, delegation_id, **wish)


@organisation.post("/v1/delegations/<uuid:delegation_id>/principals/import")
@raises("import.bad_mapping", "import.rows_wrong", *UNREADABLE)
@organisation.arguments(ImportQuery, location="query")
@organisation.arguments(ImportForm, location="form", content_type="multipart/form-data")
@organisation.response(200, ImportReport)
@audited(persons="imported_ids")
def import_principals(query, form, delegation_id: UUID):
    """Import the file of principals; all rows or none."""
    sheet = imports.read_principals(**form)
    return use_cases_organisation.import_principals(g.session, g.actor, delegation_id, sheet, **query)


@organisation.get("/v1/delegations/<uuid:delegation_id>/principals")
@raises("request.unknown_cursor")
@organisation.arguments(lists.PrincipalsRequest, location="query")
@organisation.response(200, paged(people.PrincipalSchema, is_sorted=True))
@audited(persons="items.id")
def list_principals(wish, delegation_id: UUID):
    """The principals of a Delegation, with their addresses; every reading is an entry of the audit trail."""
    return queries_lists.principals(g.session, g.actor, delegation_id, **wish)
