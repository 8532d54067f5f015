"""Any sequence of operations keeps the answer to "how did it stand on that day" right, for units and for people."""

from collections import Counter
from collections.abc import Iterable

import pytest
from countries import Country

from membership.app import service
from shared.testing.harness import Driven

pytestmark = pytest.mark.both_databases

SEQUENCES = 100


def live_through(driven: Driven, seeds: Iterable[int], steps: int) -> Counter[str]:
    """Each seed a history of the same country, taken back at its end; returns why how many steps were refused."""
    refused: Counter[str] = Counter()
    with driven.sessions.transaction() as session:
        country = Country(session)
        for seed in seeds:
            with session.begin_nested() as trial:
                life = country.life(seed)
                for _ in range(steps):
                    life.step()
                    life.demand_right()
                if seed % 4 == 0:
                    life.live_on()
                refused.update(life.refused)
                trial.rollback()
    return refused


def test_any_sequence_keeps_as_of_right(sqlite_databases):
    driven = Driven(service, sqlite_databases.new(service.name))
    refused = live_through(driven, range(SEQUENCES), 3)
    driven.close()
    assert refused.total() < SEQUENCES * 3 / 2, refused  # else it would prove little


def test_any_sequence_keeps_as_of_right_beside_others(postgres_databases):
    driven = Driven(service, postgres_databases.new(service.name))
    live_through(driven, range(1000, 1004), 5)
    driven.close()
