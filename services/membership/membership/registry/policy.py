"""Who may enter schools and principals, one by one, many at once or by file; and take lists out."""

from typing import Any

from sqlalchemy.orm import Session

from membership.organisation import MINISTRY, OFFICE, OFFICE_ROLES, OFFICES
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.policy import Kind, More, Row

from .model import ColumnMapping


def list_in_reach(session: Session, actor: Actor, thing: Any) -> bool:
    """It is of a Delegation in the caller's reach; what is the whole country's is the Ministry's alone."""
    return thing.delegation_id is not None and units.reaches(session, actor, thing.delegation_id)


def everybodys_or_in_reach(session: Session, actor: Actor, mapping: ColumnMapping) -> bool:
    return mapping.delegation_id is None or list_in_reach(session, actor, mapping)


LISTS: Row = {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, list_in_reach)}
READABLE: Row = {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, everybodys_or_in_reach)}

kinds = (
    More(
        "organisation",
        {
            "register_delegation": MINISTRY,
            "list_imports": OFFICES,  # each finds those in their reach
            "preview_import": OFFICES,  # nothing is kept of it
            "list_mappings": OFFICES,
        },
    ),
    More(
        "delegation",
        {
            "list_schools": OFFICE,
            "get_school": OFFICE,
            "put_school": OFFICE,
            "put_schools": OFFICE,
            "put_principals": OFFICE,
            "import_schools": OFFICE,
            "list_principals": OFFICE,
            "import_principals": OFFICE,
            "list_communities": OFFICE,
            "export_principals_csv": OFFICE,
            "export_principals_xlsx": OFFICE,
            "export_schools_csv": OFFICE,
            "export_schools_xlsx": OFFICE,
            "export_communities_csv": OFFICE,
            "export_communities_xlsx": OFFICE,
        },
    ),
    Kind(
        "import",
        {
            "show_import": LISTS,
            "start_import": LISTS,
            "list_import_faults": LISTS,
            "download_import_report": LISTS,
            "cancel_import": LISTS,
        },
    ),
    Kind("mapping", {"get_mapping": READABLE, "put_mapping": LISTS, "delete_mapping": LISTS}),
)
