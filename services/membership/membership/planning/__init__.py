"""Dividing the principals of a Delegation into communities; maps, distances, measures."""

from .model.dispersion import Distance, Mitigation, kilometres
from .model.plan import PENDING, Plan, PlanState
from .model.plan_parts import PlanPlace, PlanWish
from .queries.drafting import known_schools, ways_known
from .use_cases.dispersion import demand_few_distances, forget_in_plans, keep_distances
