"""Who may change the tree, move people, and look at their histories."""

from membership.organisation import (
    MINISTRY,
    OFFICE,
    OFFICE_ROLES,
    STAFF,
    concerned_in_reach,
    decided_in_reach,
    decides_over,
    office_in_reach,
    scope_in_reach,
)
from membership.people import OFFICERS_HERE, OFFICERS_OF, THEMSELF
from shared.domain.actor import Role
from shared.domain.policy import Kind, More, Row, anywhere

DECIDES: Row = {**MINISTRY, **dict.fromkeys(STAFF, decides_over)}
CONCERNED: Row = {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, concerned_in_reach)}
ACTING = (Role.MINISTRY_ADMINISTRATOR, *STAFF, Role.COMPANION)

kinds = (
    More(
        "unit",
        {
            "split_unit": DECIDES,
            "merge_units": DECIDES,
            "move_unit": DECIDES,
            "rename_unit": DECIDES,
            "open_unit": DECIDES,
            "close_unit": DECIDES,
        },
    ),
    Kind("unit", {"plan_mouvement": {**OFFICERS_HERE, Role.PORTAL: office_in_reach}}, shown_to=OFFICERS_HERE),
    Kind(
        "operation",
        {
            "show_operation": CONCERNED,
            "undo_operation": {**MINISTRY, **dict.fromkeys(STAFF, decided_in_reach)},
        },
    ),
    Kind("operation", {"list_transfers": {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, scope_in_reach)}}),
    More("delegation", {"list_without_home": OFFICE}),
    More("principal", {"show_history": {**OFFICERS_OF, **THEMSELF}}),
    Kind("my_entries", {"show_my_entries": dict.fromkeys(ACTING, anywhere)}, is_open=True),  # each finds their own
)
