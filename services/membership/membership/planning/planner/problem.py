"""What the planner is asked, and what it answers: arrays over people 0..n-1 and hosts 0..m-1, groups 0..k-1."""

from dataclasses import dataclass, field

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Mix:
    """At least `least` of the people marked in `members` (booleans, n) in every group: a cycle, say, or a gender."""

    name: str
    members: Array
    least: int = 1


@dataclass(frozen=True)
class Wishes:
    """What is weighed, in kilometres of travel that one would pay for it; 0 is no wish. Hard wishes are in `Problem`.

    `zone`: for each person away from the group that has most of their zone. `stay`: for each person who is not with
    those of their previous group. `together` and `apart`: for each pair (i, j, kilometres) that is not so.
    `farthest`: for each kilometre that somebody travels beyond `farthest_km`.
    """

    zone: float = 0.0
    stay: float = 0.0
    farthest: float = 0.0
    farthest_km: float = 30.0
    together: tuple[tuple[int, int, float], ...] = ()
    apart: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True)
class Problem:
    """`distances`: kilometres from each person to each host (n x m), by great circle or as given (road times).

    `weights` count a person towards the bounds (1.0 each, as a rule). Exactly `groups` groups, each of `least` to
    `most`. `fixed`: group of a person who must be there; -1 for whoever is free. `hosts_fixed`: host of a group; -1 if
    free. `zones` and `previous`: a number for each person, or -1.
    """

    distances: Array
    groups: int
    least: float
    most: float
    weights: Array
    mixes: tuple[Mix, ...] = ()
    zones: Array | None = None
    previous: Array | None = None
    fixed: Array | None = None
    hosts_fixed: tuple[int, ...] | None = None
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True)
class Shortfall:
    """A bound that cannot be met, or was not within the time, and by how much it is missed."""

    bound: str  # "size_least", "size_most", "mix", "fixed", "hosts" (fewer than groups: some host serves several)
    name: str  # of the mix; "" for sizes
    group: int | None  # None where no division whatever could meet it
    missing: float


@dataclass(frozen=True)
class Solution:
    """`group_of` people, `host_of` groups. `travel_km` is the sum to the hosts, `cost` with the wishes' price.

    `is_proved`: no better one exists. `stopped`: "done", or "time" when the limit cut the search short (best so far).
    """

    group_of: Array
    host_of: Array
    travel_km: float
    cost: float
    shortfalls: tuple[Shortfall, ...]
    is_proved: bool
    stopped: str
    seconds: float
