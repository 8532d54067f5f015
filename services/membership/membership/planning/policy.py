"""Who may have communities planned, and measures taken against distance."""

from membership.organisation import MINISTRY, OFFICE, OFFICE_ROLES, OFFICES, scope_in_reach
from shared.domain.policy import Kind, More, Row

ROUND: Row = {**MINISTRY, **dict.fromkeys(OFFICE_ROLES, scope_in_reach)}

kinds = (
    More("organisation", {"ask_planning_round": OFFICES}),  # for those in their reach
    More(
        "delegation",
        dict.fromkeys(
            ("ask_plan", "list_plans", "put_distances", "delete_distances", "put_measures", "list_far"), OFFICE
        ),
    ),
    Kind(
        "plan",
        {
            "show_plan": OFFICE,
            "list_places": OFFICE,
            "move_places": OFFICE,
            "undo_move": OFFICE,
            "recompute_plan": OFFICE,
            "discard_plan": OFFICE,
            "adopt_plan": OFFICE,
            "explain_place": OFFICE,
            "compare_plan": OFFICE,
            "show_plan_geojson": OFFICE,
            "show_plan_map": OFFICE,
        },
    ),
    Kind("planning_round", {"show_planning_round": ROUND}),
)
