"""Routes of imports: files that are judged by a job, what was wrong in them, and mappings of their columns."""

from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.spreadsheets import CSV, XLSX

from ..queries import imports as queries_imports
from ..schemas import import_forms, import_reports, proposals
from ..use_cases import imports as use_cases_imports
from .exports import A_FILE
from .organisation import UNREADABLE, FormBlueprint

imports = FormBlueprint("imports", __name__, description="Imports of the Ministry's files")


@imports.post("/v1/imports")
@raises("delegation.not_found", "import.bad_mapping", "import.no_such_mapping")
@imports.arguments(import_forms.ImportRequest, location="form", content_type="multipart/form-data")
@imports.response(202, import_forms.ImportSchema)
@audited()
def start_import(wish):
    """Hand in a file of units, schools, principals or distances. All of it is checked; then all comes in, or none."""
    return use_cases_imports.start_import(g.session, g.actor, **wish)


@imports.post("/v1/imports/preview")
@raises(*UNREADABLE)
@imports.arguments(import_forms.PreviewForm, location="form", content_type="multipart/form-data")
@imports.response(200, import_forms.PreviewSchema)
@audited()
def preview_import(wish):
    """How a file would be read, its first rows, and a mapping to look at. Nothing of it is kept."""
    queries_imports.may_preview_import(g.session, g.actor)
    return proposals.preview(**wish)


@imports.get("/v1/imports")
@imports.arguments(PageRequest, location="query")
@imports.response(200, paged(import_forms.ImportSchema))
def list_imports(wish):
    """The imports of the Delegations in the caller's reach."""
    return queries_imports.imports(g.session, g.actor, **wish)


@imports.get("/v1/imports/<uuid:import_id>")
@imports.response(200, import_forms.ImportSchema)
def show_import(import_id: UUID):
    """How far it is, how its file was read, and what became of its rows."""
    return queries_imports.visible_import(g.session, g.actor, import_id)


@imports.delete("/v1/imports/<uuid:import_id>")
@raises("import.wrong_state")
@imports.response(200, import_forms.ImportSchema)
def cancel_import(import_id: UUID):
    """Call it back before it has ended: nothing is changed then, and its file is deleted."""
    return use_cases_imports.cancel_import(g.session, g.actor, import_id)


@imports.get("/v1/imports/<uuid:import_id>/faults")
@imports.arguments(PageRequest, location="query")
@imports.response(200, paged(import_forms.CellFaultSchema))
@audited()
def list_import_faults(wish, import_id: UUID):
    """What was wrong, cell by cell, in the order of the rows; remarks say what was understood otherwise."""
    return queries_imports.faults_of_import(g.session, g.actor, import_id, **wish)


@imports.get("/v1/imports/<uuid:import_id>/report")
@raises("import.wrong_state", "import.no_report")
@imports.alt_response(200, schema=A_FILE, content_type=XLSX, success=True)
@imports.response(200, A_FILE, content_type=CSV)
@audited()
def download_import_report(import_id: UUID):
    """The same file with a column that says what is wrong with each row, to be corrected and sent again."""
    return import_reports.ImportReportFile(*queries_imports.import_to_report(g.session, g.actor, import_id))


@imports.get("/v1/mappings")
@imports.arguments(PageRequest, location="query")
@imports.response(200, paged(import_forms.MappingSchema))
def list_mappings(wish):
    """Everybody's, and those of the Delegations in the caller's reach."""
    return queries_imports.mappings(g.session, g.actor, **wish)


@imports.get("/v1/mappings/<code:mapping>")
@imports.arguments(import_forms.MappingQuery, location="query")
@imports.response(200, import_forms.MappingSchema)
def get_mapping(wish, mapping: str):
    """Which column of a file means what."""
    return queries_imports.visible_mapping(g.session, g.actor, mapping, **wish)


@imports.put("/v1/mappings/<code:mapping>")
@conditional
@raises("delegation.not_found", "import.bad_mapping")
@imports.arguments(import_forms.MappingQuery, location="query")
@imports.arguments(import_forms.MappingRequest)
@imports.response(200, import_forms.MappingSchema)
def put_mapping(query, wish, mapping: str):
    """Save a mapping under a name, or change the one that has it, of which the edition seen must then be named."""
    return use_cases_imports.put_mapping(g.session, g.actor, mapping, **query, **wish)


@imports.delete("/v1/mappings/<code:mapping>")
@imports.arguments(import_forms.MappingQuery, location="query")
@imports.response(204)
def delete_mapping(wish, mapping: str):
    """Imports that were read by it are what they were."""
    use_cases_imports.delete_mapping(g.session, g.actor, mapping, **wish)
