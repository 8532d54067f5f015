"""Which hosts groups have: the best for the people they have, spread over the land, or fixed."""

import numpy as np

from .case import FREE, Case
from .matching import matched
from .problem import Array

HARDLY = 1e-9  # kilometres by which a host must be better than the present one


def shares_of(case: Case, group_of: Array) -> Array:
    """1 for each person in their group, 0 in the others."""
    return (group_of[:, None] == np.arange(case.groups)[None, :]).astype(float)


def best_hosts(case: Case, shares: Array, *, now: Array | None = None) -> Array:
    """The host with the least way for each group; all different. An empty group keeps the one it has."""
    sums = shares.T @ case.prices
    if now is not None:
        sums[np.arange(case.groups), now] -= HARDLY
    for group in np.flatnonzero(case.hosts_fixed >= 0):
        host = case.hosts_fixed[group]
        sums[:, host] += case.penalty * case.people
        sums[group, :] += case.penalty * case.people
        sums[group, host] = 0
    hosts = sums.argmin(axis=1)
    return hosts if len(set(hosts.tolist())) == len(hosts) else matched(sums)


def spread_hosts(case: Case) -> Array:
    """One after the other, each the one that saves most beside those before it."""
    nearest = np.full(case.people, float(case.prices.max(initial=0)) + 1)
    hosts: list[int] = []
    for _ in range(case.groups):
        saved = np.maximum(nearest[:, None] - case.prices, 0).sum(axis=0)
        saved[hosts] = -1
        hosts.append(int(saved.argmax()))
        nearest = np.minimum(nearest, case.prices[:, hosts[-1]])
    return np.array(hosts)


def shared_out(case: Case, hosts: Array) -> Array:
    """Which group gets which of these matters only to those who must be in it, or who have a host of their own."""
    prices = np.zeros((case.groups, len(hosts)))
    anchored = np.flatnonzero(case.fixed >= 0)
    np.add.at(prices, case.fixed[anchored], case.prices[np.ix_(anchored, hosts)])
    return _with_fixed(case, hosts[matched(prices)] if prices.any() else hosts.copy())


def _with_fixed(case: Case, host_of: Array) -> Array:
    """Groups get the host that is fixed for them; who had it gets the one it replaces."""
    for group in np.flatnonzero(case.hosts_fixed >= 0):
        host = case.hosts_fixed[group]
        host_of[host_of == host] = host_of[group]
        host_of[group] = host
    return host_of


def filled(case: Case, host_of: Array) -> Array:
    """Those who would lose most choose first, each the nearest host with room; then whatever has most room."""
    prices = case.prices[:, host_of]
    room = np.full(case.groups, float(case.most))
    group_of = np.where(case.fixed >= 0, case.fixed, 0)
    np.subtract.at(room, group_of[case.fixed >= 0], case.weights[case.fixed >= 0])
    ranked = np.sort(prices, axis=1)
    regret = ranked[:, min(1, case.groups - 1)] - ranked[:, 0]
    for person in np.argsort(-regret, kind="stable"):
        if case.fixed[person] == FREE:
            fits = room >= case.weights[person]
            group_of[person] = np.where(fits, prices[person], np.inf).argmin() if fits.any() else room.argmax()
            room[group_of[person]] -= case.weights[person]
    return group_of
