"""A start for those who want zones whole: each zone as if it were one heavy person, divided first."""

from dataclasses import replace

import numpy as np

from .case import FREE, Case
from .choosing import Pool, choose
from .division import Division
from .hosts import filled, spread_hosts
from .problem import Array, Wishes
from .watch import Watch

LONGEST = 3.0  # seconds


def with_whole_zones(case: Case, watch: Watch) -> Division | None:
    """Zones that fill no group, and what is fixed, are left to the search that follows; None if time ends before."""
    one_of = _one_of(case)
    zones = _zones_as_people(case, one_of)
    hosts = spread_hosts(zones)
    pool = Pool(tuple(range(case.groups)), np.arange(case.hosts))
    found = choose(zones, Division(filled(zones, hosts), hosts), [pool], watch, seconds=LONGEST).division
    return found and Division(np.where(case.fixed >= 0, case.fixed, found.group_of[one_of]), found.host_of)


def _one_of(case: Case) -> Array:
    """The number of the zone; those who have none come after, each alone."""
    alone = case.zones.max(initial=FREE) + 1 + np.arange(case.people)
    return np.unique(np.where(case.zones >= 0, case.zones, alone), return_inverse=True)[1]


def _zones_as_people(case: Case, one_of: Array) -> Case:
    count = int(one_of.max(initial=FREE)) + 1
    prices = np.zeros((count, case.hosts))
    np.add.at(prices, one_of, case.prices)
    nobody = np.full(count, FREE)
    return replace(
        case,
        prices=prices,
        weights=np.bincount(one_of, weights=case.weights, minlength=count),
        mixes=(),
        zones=nobody,
        previous=nobody,
        fixed=nobody,
        hosts_fixed=np.full(case.groups, FREE),
        wishes=Wishes(),
    )
