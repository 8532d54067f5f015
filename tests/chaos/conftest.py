"""Servers of the tests, shared with others: databases and queues here have names that nobody else has."""

import random
from collections.abc import Callable

import pytest

from .report import as_text
from .run import Plan, Report, take_place
from .setting import Place
from .stage import Way


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Callable[..., Report]:
    """`run(way, seconds=…, kills=…)`: a short run; its report is printed, and shown where a test fails."""

    def take(way: Way, **wish) -> Report:
        plan = Plan(way, seed=random.randrange(1_000_000), **wish)
        report = take_place(plan, _place(request, way))
        print(as_text(report))
        return report

    return take


def _place(request: pytest.FixtureRequest, way: Way) -> Place:
    if way is Way.PULL:
        return Place(request.getfixturevalue("sqlite_databases"))
    return Place(request.getfixturevalue("postgres_databases"), request.getfixturevalue("rabbitmq_url"))
