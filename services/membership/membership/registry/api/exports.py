"""Routes of lists as files, narrowed down and sorted as their pages are."""

from uuid import UUID

from flask import g

from membership.communities import CommunitySchema
from shared.web.audit import audited
from shared.web.paging import paged
from shared.web.resources import Blueprint
from shared.web.spreadsheets import CSV, XLSX

from ..queries import lists as queries_lists
from ..schemas import list_files, lists

communities = Blueprint(
    "registry_communities", __name__, description="Communities and who belongs to them", tag="communities"
)


@communities.get("/v1/delegations/<uuid:delegation_id>/communities")
@communities.arguments(lists.CommunitiesRequest, location="query")
@communities.response(200, paged(CommunitySchema))
def list_communities(wish, delegation_id: UUID):
    """The communities of a Delegation, in the order in which they were planned."""
    return queries_lists.communities(g.session, g.actor, delegation_id, **wish)


exports = Blueprint("exports", __name__, description="Lists as files, for spreadsheets")
A_FILE = {"type": "string", "format": "binary"}


@exports.get("/v1/delegations/<uuid:delegation_id>/principals.csv")
@exports.arguments(lists.PrincipalsFilter, location="query")
@exports.response(200, A_FILE, content_type=CSV)
@audited(persons="person_ids")
def export_principals_csv(wish, delegation_id: UUID):
    """The principals of a Delegation as CSV, with headers in the caller's language; the reading is audited."""
    found = queries_lists.every_principal(g.session, g.actor, "export_principals_csv", delegation_id, **wish)
    return list_files.principals_file(list_files.Format.CSV, found)


@exports.get("/v1/delegations/<uuid:delegation_id>/principals.xlsx")
@exports.arguments(lists.PrincipalsFilter, location="query")
@exports.response(200, A_FILE, content_type=XLSX)
@audited(persons="person_ids")
def export_principals_xlsx(wish, delegation_id: UUID):
    """The principals of a Delegation as XLSX, with headers in the caller's language; the reading is audited."""
    found = queries_lists.every_principal(g.session, g.actor, "export_principals_xlsx", delegation_id, **wish)
    return list_files.principals_file(list_files.Format.XLSX, found)


@exports.get("/v1/delegations/<uuid:delegation_id>/schools.csv")
@exports.arguments(lists.SchoolsFilter, location="query")
@exports.response(200, A_FILE, content_type=CSV)
def export_schools_csv(wish, delegation_id: UUID):
    """The schools of a Delegation as CSV."""
    found = queries_lists.every_school(g.session, g.actor, "export_schools_csv", delegation_id, **wish)
    return list_files.schools_file(list_files.Format.CSV, found)


@exports.get("/v1/delegations/<uuid:delegation_id>/schools.xlsx")
@exports.arguments(lists.SchoolsFilter, location="query")
@exports.response(200, A_FILE, content_type=XLSX)
def export_schools_xlsx(wish, delegation_id: UUID):
    """The schools of a Delegation as XLSX."""
    found = queries_lists.every_school(g.session, g.actor, "export_schools_xlsx", delegation_id, **wish)
    return list_files.schools_file(list_files.Format.XLSX, found)


@exports.get("/v1/delegations/<uuid:delegation_id>/communities.csv")
@exports.arguments(lists.CommunitiesFilter, location="query")
@exports.response(200, A_FILE, content_type=CSV)
def export_communities_csv(wish, delegation_id: UUID):
    """The communities of a Delegation as CSV."""
    found = queries_lists.every_community(g.session, g.actor, "export_communities_csv", delegation_id, **wish)
    return list_files.communities_file(list_files.Format.CSV, found)


@exports.get("/v1/delegations/<uuid:delegation_id>/communities.xlsx")
@exports.arguments(lists.CommunitiesFilter, location="query")
@exports.response(200, A_FILE, content_type=XLSX)
def export_communities_xlsx(wish, delegation_id: UUID):
    """The communities of a Delegation as XLSX."""
    found = queries_lists.every_community(g.session, g.actor, "export_communities_xlsx", delegation_id, **wish)
    return list_files.communities_file(list_files.Format.XLSX, found)
