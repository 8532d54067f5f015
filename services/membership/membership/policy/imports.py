"""Imports of files, and the mappings that read them."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row

from .relations import everybodys_or_in_reach, list_in_reach
from .rows import MINISTRY, OFFICES

LISTS = MINISTRY | dict.fromkeys((Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL), list_in_reach)
READABLE = MINISTRY | dict.fromkeys(
    (Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL), everybodys_or_in_reach
)

ORGANISATION: dict[str, Row] = {
    "list_imports": OFFICES,  # each finds those in their reach
    "preview_import": OFFICES,  # nothing is kept of it
    "list_mappings": OFFICES,
}
DELEGATION: dict[str, Row] = {}
COMMUNITY: dict[str, Row] = {}
PRINCIPAL: dict[str, Row] = {}
KINDS: tuple[Kind, ...] = (
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
