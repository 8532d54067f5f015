"""Servers of the tests, shared with others: databases and queues here have names that nobody else has."""

import random
from collections.abc import Callable

import pytest

from .report import as_text
from .run import Plan, Report, take_place
from .setting import Addresses
from .stage import Way


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Callable[..., Report]:
    """`run(way, seconds=…, kills=…)`: a short run; its report is printed, and shown where a test fails."""

    def take(way: Way, **wish) -> Report:
        plan = Plan(way, seed=random.randrange(1_000_000), **wish)
        report = take_place(plan, _addresses(request, way))
        print(as_text(report))
        return report

    return take


def _addresses(request: pytest.FixtureRequest, way: Way) -> Addresses:
    if way is Way.PULL:
        return Addresses()
    return Addresses(request.getfixturevalue("postgres_url"), request.getfixturevalue("rabbitmq_url"))
