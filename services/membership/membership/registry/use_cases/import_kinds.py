"""How the rows of each kind of file are judged, and how they are entered."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..model import ImportKind
from .distance_lists import enter_distances, judge_distances
from .merging import Entering, judge_principals, judge_schools, merge
from .unit_lists import enter_units, judge_units


class Rows(NamedTuple):
    """`are_together`: the file is looked at as a whole, since its rows depend on each other wherever they stand."""

    judge: Callable[..., Any]
    enter: Callable[..., Entering]
    are_together: bool = False


KINDS = {
    ImportKind.UNITS: Rows(judge_units, enter_units, are_together=True),
    ImportKind.SCHOOLS: Rows(judge_schools, merge),
    ImportKind.PRINCIPALS: Rows(judge_principals, merge),
    ImportKind.DISTANCES: Rows(judge_distances, enter_distances),
}
