"""Divides people into groups of bounded size, round the best hosts, with little travel; knows no database, no Flask.

    problem = Problem(great_circle(homes, schools), groups_for(n, 16, 24), least=16, most=24, weights=...)
    solution = solve(problem, seconds=10, tell=run.tell)
    figures(problem, solution)
    explain(problem, solution, 7)

Reading order: `problem` · `bounds`, `distances`, `figures`, `explaining` · `solving` → `searching` → `relaxation`,
`seating` (exchanges), `neighbourhoods`, `choosing` (programs), `whole_zones` · `case`, `division`, `hosts`, `matching`
what they speak of · `program` HiGHS · `watch` time.
"""

from .bounds import bounds_that_cannot_hold, groups_for
from .distances import great_circle
from .explaining import Alternative, Change, explain
from .figures import Figures, GroupFigures, figures, price_of
from .problem import Mix, Problem, Shortfall, Solution, Wishes
from .solving import solve

__all__ = [
    "Alternative",
    "Change",
    "Figures",
    "GroupFigures",
    "Mix",
    "Problem",
    "Shortfall",
    "Solution",
    "Wishes",
    "bounds_that_cannot_hold",
    "explain",
    "figures",
    "great_circle",
    "groups_for",
    "price_of",
    "solve",
]
