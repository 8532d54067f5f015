"""The best hosts for some groups and the best division of their people among them, as a whole-number program.

Groups stand in pools: those of one pool may have any of its hosts, each another. A pool of one group has a name: only
there can it be said who belongs in it, who is wanted together, and where the rest of a zone is.
"""

from dataclasses import dataclass

import numpy as np

from .case import FREE, Case
from .division import Division, counted, wished_kinds
from .problem import Array
from .program import Program
from .watch import Watch


@dataclass(frozen=True)
class Pool:
    """`groups` among which `hosts` (at least as many) are shared out."""

    groups: tuple[int, ...]
    hosts: Array


@dataclass(frozen=True)
class Choice:
    """`is_proved` speaks of the program: of these groups, with their people and the hosts of their pools."""

    division: Division | None
    is_proved: bool


def choose(
    case: Case, division: Division, pools: list[Pool], watch: Watch, *, seconds: float, worth: Array | None = None
) -> Choice:
    """What is not in the pools stays as it is. `worth`: seats (people by hosts) that are thought of; all if None."""
    sheet = Sheet(case, division, pools, worth)
    sheet.price_homes()
    answer = sheet.program.solve(min(seconds, watch.left), start=sheet.start(), stop=watch.must_stop)
    watch.look()
    return Choice(None if answer.values is None else sheet.read(answer.values), answer.is_proved)


class Sheet:
    """The program being written: a column `opens` for each host, one `seats` for each person at each host."""

    def __init__(self, case: Case, division: Division, pools: list[Pool], worth: Array | None = None) -> None:
        self.case, self.division, self.pools, self.program = case, division, pools, Program()
        self.inside = np.flatnonzero(np.isin(division.group_of, [group for pool in pools for group in pool.groups]))
        self.host_at = np.concatenate([pool.hosts for pool in pools])
        self.pool_at = np.repeat(np.arange(len(pools)), [len(pool.hosts) for pool in pools])
        self.is_open_anyway = len(self.host_at) == sum(len(pool.groups) for pool in pools)
        self.opens = self.program.add_columns(np.zeros(len(self.host_at)))
        self.seats = self._add_seats(worth)
        self._demand_one_each()
        self._demand_sizes()
        self._demand_mixes()
        self._price_pairs()

    @property
    def group_at(self) -> Array:
        """The group of each host, where its pool has only one; it is the first one's else."""
        return np.array([pool.groups[0] for pool in self.pools])[self.pool_at]

    def _add_seats(self, worth: Array | None) -> Array:
        """A table of columns, people by hosts."""
        case = self.case
        prices = case.prices[np.ix_(self.inside, self.host_at)]
        fixed = case.fixed[self.inside]
        may = (fixed[:, None] == FREE) | (fixed[:, None] == self.group_at[None, :])
        if worth is not None:
            may &= worth[np.ix_(self.inside, self.host_at)]
        return self.program.add_columns(prices, most=may.ravel().astype(float)).reshape(prices.shape)

    def _demand_one_each(self) -> None:
        """One seat for each person, as many hosts as groups, and no seat at a host that is not opened."""
        people, hosts = self.seats.shape
        self.program.add_rows(people, np.repeat(np.arange(people), hosts), self.seats.ravel(), 1.0, 1, 1)
        asked = [len(pool.groups) for pool in self.pools]
        self.program.add_rows(len(asked), self.pool_at, self.opens, 1.0, asked, asked)
        self._demand_distinct()
        if not self.is_open_anyway:
            rows, opens = np.arange(self.seats.size), np.tile(self.opens, people)
            factors = np.concatenate([np.ones(len(rows)), -np.ones(len(rows))])
            columns = np.concatenate([self.seats.ravel(), opens])
            self.program.add_rows(len(rows), np.tile(rows, 2), columns, factors, -np.inf, 0)

    def _demand_distinct(self) -> None:
        """A host that stands in several pools is opened in one of them."""
        hosts, places, counts = np.unique(self.host_at, return_inverse=True, return_counts=True)
        if (counts > 1).any():
            self.program.add_rows(len(hosts), places, self.opens, 1.0, 0, 1)

    def _demand_sizes(self) -> None:
        weights = self.case.weights[self.inside]
        self._demand_sums(np.ones(len(weights), dtype=bool), weights, self.case.most, is_least=False)
        if self.case.least > 0:
            self._demand_sums(np.ones(len(weights), dtype=bool), weights, self.case.least, is_least=True)

    def _demand_mixes(self) -> None:
        for mix in self.case.mixes:
            self._demand_sums(mix.members[self.inside], np.ones(len(self.inside)), mix.least, is_least=True)

    def _demand_sums(self, counted: Array, weights: Array, bound: float, *, is_least: bool) -> None:
        """At each open host; what is missing is paid, so that there always is an answer."""
        hosts = np.arange(len(self.host_at))
        missing = self.program.add_columns(np.full(len(hosts), self.case.penalty), most=np.inf, is_whole=False)
        seats = self.seats[counted]
        rows = np.concatenate([np.tile(hosts, len(seats)), hosts, hosts])
        columns = np.concatenate([seats.ravel(), self.opens, missing])
        repeated = np.repeat(weights[counted], len(hosts))
        factors = np.concatenate(
            [repeated, np.full(len(hosts), -bound), np.full(len(hosts), 1.0 if is_least else -1.0)]
        )
        lower, upper = (0, np.inf) if is_least else (-np.inf, 0)
        self.program.add_rows(len(hosts), rows, columns, factors, lower, upper)

    def price_homes(self) -> None:
        """Where each zone, and each previous group, is at home is chosen, too: in one of these groups, or elsewhere as
        now. Not where broken values are allowed: half a home here and half there would cost nothing."""
        for kinds, price in wished_kinds(self.case):
            if (kinds[self.inside] >= 0).any():
                self._price_homes_of(kinds, price)

    def _price_homes_of(self, kinds: Array, price: float) -> None:
        people = np.flatnonzero(kinds[self.inside] >= 0)
        present, kind_of = np.unique(kinds[self.inside][people], return_inverse=True)
        pools = np.arange(len(self.pools))
        given_up = np.repeat(price * self._most_elsewhere(kinds)[present], len(pools))
        homes = self.program.add_columns(given_up).reshape(len(present), len(pools))
        elsewhere = self.program.add_columns(np.zeros(len(present)))
        rows = np.concatenate([np.repeat(np.arange(len(present)), len(pools)), np.arange(len(present))])
        self.program.add_rows(len(present), rows, np.concatenate([homes.ravel(), elsewhere]), 1.0, 1, 1)
        self._price_away(people, homes[kind_of], price)

    def _most_elsewhere(self, kinds: Array) -> Array:
        """How many of each kind are together in a group that stays as it is."""
        counts = counted(kinds, self.division.group_of, self.case.groups)
        counts[:, [group for pool in self.pools for group in pool.groups]] = 0
        return counts.max(axis=1)

    def _price_away(self, people: Array, homes: Array, price: float) -> None:
        """A person whose seat is in a pool where their home is not is away."""
        away = self.program.add_columns(np.full(len(people), price), is_whole=False)
        cells = np.arange(homes.size).reshape(homes.shape)
        rows = np.concatenate([cells[:, self.pool_at].ravel(), cells.ravel(), cells.ravel()])
        columns = [self.seats[people].ravel(), homes.ravel(), np.repeat(away, homes.shape[1])]
        factors = np.concatenate([np.ones(columns[0].size), -np.ones(2 * homes.size)])
        self.program.add_rows(homes.size, rows, np.concatenate(columns), factors, -np.inf, 0)

    def _price_pairs(self) -> None:
        place_of = {int(person): place for place, person in enumerate(self.inside)}
        for pairs, is_joined_paid in ((self.case.wishes.together, False), (self.case.wishes.apart, True)):
            for one, other, price in pairs:
                if one in place_of and other in place_of and one != other:
                    self._price_pair(place_of[one], place_of[other], price, is_joined_paid)

    def _price_pair(self, one: int, other: int, price: float, is_joined_paid: bool) -> None:
        """The paid column is 1 if both sit in the same pool, or if they do not."""
        paid = self.program.add_columns(np.array([price]), is_whole=False)
        for pool in range(len(self.pools)):
            here = self.pool_at == pool
            seats = np.concatenate([self.seats[one, here], self.seats[other, here], paid])
            sign = 1.0 if is_joined_paid else -1.0
            factors = np.concatenate([np.ones(here.sum()), np.full(here.sum(), sign), [-1.0]])
            most = 1 if is_joined_paid else 0
            self.program.add_rows(1, np.zeros(len(seats), dtype=int), seats, factors, -np.inf, most)

    def start(self) -> tuple[Array, Array]:
        """Places and values of the columns that say where everybody is now."""
        hosts = {
            (int(host), int(pool)): place
            for place, (host, pool) in enumerate(zip(self.host_at, self.pool_at, strict=True))
        }
        pool_of = {group: number for number, pool in enumerate(self.pools) for group in pool.groups}
        place_of = {group: hosts[int(self.division.host_of[group]), pool] for group, pool in pool_of.items()}
        sits = np.array([place_of[int(group)] for group in self.division.group_of[self.inside]], dtype=int)
        opens, seats = np.zeros(len(self.opens)), np.zeros(self.seats.shape)
        opens[list(place_of.values())] = 1
        seats[np.arange(len(sits)), sits] = 1
        return np.concatenate([self.opens, self.seats.ravel()]), np.concatenate([opens, seats.ravel()])

    def read(self, values: Array) -> Division:
        group_of, host_of = self.division.group_of.copy(), self.division.host_of.copy()
        opened = np.flatnonzero(values[self.opens] > 0.5)
        groups = np.array([group for pool in self.pools for group in pool.groups])
        group_at = np.full(len(self.host_at), FREE)
        group_at[opened] = groups  # both in the order of the pools, as many in each
        host_of[groups] = self.host_at[opened]
        seats = values[self.seats]
        seats[:, group_at == FREE] = -1
        group_of[self.inside] = group_at[seats.argmax(axis=1)]
        return Division(group_of, host_of)
