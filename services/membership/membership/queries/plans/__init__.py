"""Questions about plans: how they stand, what they would change, what they are computed from."""

from .comparison import Comparison, comparison, current_homes, matched
from .drafting import (
    count_distances,
    count_plannable,
    delegations_to_plan,
    draft_of,
    known_schools,
    living_principals,
    names_of_groups,
)
from .explanation import Explanation, explanation
from .far import far, measures_of
from .figures import figures_of
from .ground import Ground, people_in, survey
from .maps import PlanMap, Spot, Territory, plan_geojson, plan_map
from .problems import Draft, problem_of, told
from .reading import (
    ShownPlan,
    ShownRound,
    groups_of,
    hold_delegation,
    is_fixed_by_wish,
    places,
    places_by_person,
    plan,
    plans,
    shown,
    shown_round,
    visible_plan,
    visible_round,
)

__all__ = [
    "Comparison",
    "Draft",
    "Explanation",
    "Ground",
    "PlanMap",
    "ShownPlan",
    "ShownRound",
    "Spot",
    "Territory",
    "comparison",
    "count_distances",
    "count_plannable",
    "current_homes",
    "delegations_to_plan",
    "draft_of",
    "explanation",
    "far",
    "figures_of",
    "groups_of",
    "hold_delegation",
    "is_fixed_by_wish",
    "known_schools",
    "living_principals",
    "matched",
    "measures_of",
    "names_of_groups",
    "people_in",
    "places",
    "places_by_person",
    "plan",
    "plan_geojson",
    "plan_map",
    "plans",
    "problem_of",
    "shown",
    "shown_round",
    "survey",
    "told",
    "visible_plan",
    "visible_round",
]
