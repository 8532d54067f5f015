"""Plans that divide principals into communities, and measures against distance."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row

from .relations import scope_in_reach
from .rows import MINISTRY, OFFICE, OFFICES

ORGANISATION: dict[str, Row] = {"ask_planning_round": OFFICES}  # for those in their reach
DELEGATION: dict[str, Row] = dict.fromkeys(
    ("ask_plan", "list_plans", "put_distances", "delete_distances", "put_measures", "list_far"), OFFICE
)
COMMUNITY: dict[str, Row] = {}
PRINCIPAL: dict[str, Row] = {}
PLAN = dict.fromkeys(
    (
        "show_plan",
        "list_places",
        "move_places",
        "undo_move",
        "recompute_plan",
        "discard_plan",
        "adopt_plan",
        "explain_place",
        "compare_plan",
        "show_plan_geojson",
        "show_plan_map",
    ),
    OFFICE,
)
ROUND = MINISTRY | dict.fromkeys((Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL), scope_in_reach)
KINDS: tuple[Kind, ...] = (Kind("plan", PLAN), Kind("planning_round", {"show_planning_round": ROUND}))
