"""The arithmetic of the benchmarks: ratios, medians, goals, what the table and the JSON say. Nothing is timed."""

import json

import pytest

from benchmarks.figures import Figure, Goal, Series, percentile, ratio
from benchmarks.report import as_json, table

OURS, BASELINE = Series((900.0, 400.0, 1000.0)), Series((1000.0, 1000.0, 2000.0))
AT_LEAST_HALF = Goal(least=0.5)


def beside(goal: Goal | None = AT_LEAST_HALF) -> Figure:
    return Figure("moving", "events/s", OURS, BASELINE, "a baseline", goal)


def test_a_ratio_compares_the_runs_in_pairs():
    assert ratio(OURS, BASELINE) == Series((0.9, 0.4, 0.5))


def test_sides_that_were_not_measured_equally_often_have_no_ratio():
    with pytest.raises(ValueError):
        ratio(OURS, Series((1.0,)))


def test_a_series_is_told_by_its_median_and_its_extremes():
    assert (OURS.median, OURS.low, OURS.high) == (900, 400, 1000)


def test_a_goal_that_is_met_exactly_is_reached():
    assert beside().ratio.median == 0.5
    assert beside().is_reached is True


@pytest.mark.parametrize(
    ("goal", "reached", "missed"),
    [(Goal(least=0.8), 0.8, 0.79), (Goal(most=20), 20, 20.1), (Goal(most=1.1), 0.2, 1.11)],
)
def test_a_goal_has_one_side(goal, reached, missed):
    assert goal.is_reached_by(reached)
    assert not goal.is_reached_by(missed)


def test_what_has_a_baseline_is_judged_by_the_ratio_and_what_has_none_by_itself():
    assert beside(Goal(least=3)).is_reached is False
    assert Figure("latency", "ms", Series((12.0, 30.0, 14.0)), goal=Goal(most=20)).is_reached is True


def test_what_is_told_for_information_is_not_judged():
    assert beside(goal=None).is_reached is None


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.495, 50), (0.99, 99), (1, 100), (0.001, 1)])
def test_a_percentile_is_a_value_that_was_measured(share, expected):
    assert percentile([float(n) for n in range(100, 0, -1)], share) == expected


def test_the_table_shows_both_sides_the_ratio_and_the_verdict():
    lines = table([beside(), beside(Goal(least=0.8)), beside(goal=None)]).splitlines()
    row = "moving  events/s  900 (400..1,000)  1,000 (1,000..2,000)  a baseline  0.5 (0.4..0.9)"
    assert lines[2:] == [f"{row}  >= 0.5  yes", f"{row}  >= 0.8  NO", f"{row}  -       -"]


def test_the_json_holds_every_run():
    told = json.loads(json.dumps(as_json([beside()], runs=3, scale="full")))
    assert (told["runs"], told["scale"]) == (3, "full")
    assert told["figures"][0] == {
        "name": "moving",
        "unit": "events/s",
        "against": "a baseline",
        "ours": {"runs": 3, "median": 900, "lowest": 400, "highest": 1000, "values": [900, 400, 1000]},
        "baseline": {"runs": 3, "median": 1000, "lowest": 1000, "highest": 2000, "values": [1000, 1000, 2000]},
        "ratio": {"runs": 3, "median": 0.5, "lowest": 0.4, "highest": 0.9, "values": [0.9, 0.4, 0.5]},
        "reach": ">= 0.5",
        "reached": True,
    }
