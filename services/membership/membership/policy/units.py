"""The tree of units through time: zones, levels, and operations on them."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row, anywhere

from .relations import concerned_in_reach, decided_in_reach, decides_over, unit_in_sight
from .rows import MINISTRY, OFFICE, OFFICES

DECIDES = MINISTRY | {Role.ACADEMY_OFFICER: decides_over, Role.DELEGATION_OFFICER: decides_over}
IN_SIGHT = MINISTRY | dict.fromkeys((Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL), unit_in_sight)
CONCERNED = MINISTRY | dict.fromkeys((Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL), concerned_in_reach)
EVERYBODY = dict.fromkeys(Role, anywhere)

ORGANISATION: dict[str, Row] = {
    "list_units": OFFICES,  # each finds those in their reach, and the path above
    "list_operations": OFFICES,
    "list_levels": EVERYBODY,
    "get_level": EVERYBODY,
    "put_level": MINISTRY,
}
DELEGATION: dict[str, Row] = {"list_zones": OFFICE, "get_zone": OFFICE, "put_zone": OFFICE}
COMMUNITY: dict[str, Row] = {}
PRINCIPAL: dict[str, Row] = {}
KINDS: tuple[Kind, ...] = (
    Kind(
        "unit",
        {
            "show_unit": IN_SIGHT,
            "list_unit_ancestors": IN_SIGHT,
            "list_unit_history": IN_SIGHT,
            "split_unit": DECIDES,
            "merge_units": DECIDES,
            "move_unit": DECIDES,
            "rename_unit": DECIDES,
            "open_unit": DECIDES,
            "close_unit": DECIDES,
        },
    ),
    Kind(
        "operation",
        {
            "show_operation": CONCERNED,
            "undo_operation": MINISTRY
            | {Role.ACADEMY_OFFICER: decided_in_reach, Role.DELEGATION_OFFICER: decided_in_reach},
        },
    ),
)
