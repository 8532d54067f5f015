"""Plans: asked, computed by a job, adjusted, adopted; distances and measures beside them."""

from .adjusting import move_places, undo_move
from .adoption import adopt_plan
from .asking import ask_plan, ask_planning_round, discard_plan, recompute_plan
from .computing import draft_plan, fail_plan, settle_plan
from .dispersion import (
    delete_distances,
    demand_few_distances,
    forget_in_plans,
    keep_distances,
    put_distances,
    put_measures,
)

__all__ = [
    "adopt_plan",
    "ask_plan",
    "ask_planning_round",
    "delete_distances",
    "demand_few_distances",
    "discard_plan",
    "draft_plan",
    "fail_plan",
    "forget_in_plans",
    "keep_distances",
    "move_places",
    "put_distances",
    "put_measures",
    "recompute_plan",
    "settle_plan",
    "undo_move",
]
