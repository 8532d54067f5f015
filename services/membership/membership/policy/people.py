"""Posts, mouvements, officers and companions."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row, anywhere

from .relations import (
    companion_in_reach,
    companion_themself,
    office_in_reach,
    officer_in_reach,
    scope_in_reach,
)
from .rows import MINISTRY, OFFICE, OFFICERS_OF, OFFICES, SEES, THEMSELF

STAFF = (Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER)
ACTING = (Role.MINISTRY_ADMINISTRATOR, *STAFF, Role.COMPANION)
OFFICERS_HERE = MINISTRY | dict.fromkeys(STAFF, office_in_reach)

ORGANISATION: dict[str, Row] = {
    "list_registered_companions": {role: row for role, row in OFFICES.items() if role is not Role.PORTAL}
}
DELEGATION: dict[str, Row] = {"list_posts": OFFICE, "list_without_home": OFFICE}
COMMUNITY: dict[str, Row] = {"list_stays": SEES}
PRINCIPAL: dict[str, Row] = {"show_history": OFFICERS_OF | THEMSELF}
KINDS: tuple[Kind, ...] = (
    Kind(
        "unit",
        {
            "list_officers": OFFICERS_HERE,
            "appoint_officer": OFFICERS_HERE,
            "withdraw_officer": OFFICERS_HERE,
            "register_companion": OFFICERS_HERE,
            "plan_mouvement": OFFICERS_HERE | {Role.PORTAL: office_in_reach},
        },
    ),
    Kind("officer", {"get_officer": MINISTRY | dict.fromkeys(STAFF, officer_in_reach)}),
    Kind(
        "companion",
        {
            "get_companion": MINISTRY | dict.fromkeys(STAFF, companion_in_reach) | {Role.COMPANION: companion_themself},
            "correct_companion": MINISTRY | dict.fromkeys(STAFF, companion_in_reach),
        },
    ),
    Kind("my_entries", {"show_my_entries": dict.fromkeys(ACTING, anywhere)}, is_open=True),  # each finds their own
    Kind("operation", {"list_transfers": MINISTRY | dict.fromkeys((*STAFF, Role.PORTAL), scope_in_reach)}),
)
