"""The search: hosts that bids opened, hosts exchanged one by one, groups divided anew, a proof if time is left."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from .case import Case
from .choosing import Pool, choose
from .division import Division, cost, homes_of
from .hosts import best_hosts, filled, shared_out, shares_of, spread_hosts
from .neighbourhoods import is_named, neighbours, pools_of
from .problem import Array
from .relaxation import Relaxation, relax
from .seating import Seating, Seats
from .watch import Watch
from .whole_zones import with_whole_zones

STARTS = 8  # sets of hosts that bids opened
SHARE_OF_BIDDING, SHARE_OF_EXCHANGE = 0.2, 0.6  # of the time that is left then
WORTH_SETTLING = 1.1  # of the best cost: hosts that begin dearer hardly get there
PATIENCE = 40  # exchanges without a gain, for each group
ONCE = 0.6  # of the exchanges are single, the others double
NEIGHBOURS = (2, 3, 4)  # groups that are divided anew together
LONGEST = 2.0  # seconds for one program
WIDEST = 8_000  # seats in a program
SHARE_OF_PROOF = 0.5  # of the time that is left, where it is
SEATS_A_SECOND, WITHIN_REACH, WIDEST_PROOF = 3_000, 5_000, 20_000


@dataclass
class Search:
    """`best` never gets worse. The same for the same seed as long as time does not end it."""

    case: Case
    watch: Watch
    seed: int
    is_proved: bool = False
    was_cut: bool = False
    settled: set[bytes] = field(default_factory=set)
    made_whole: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        host_of = shared_out(self.case, spread_hosts(self.case))
        self.best = Division(filled(self.case, host_of), host_of)
        self.cost = cost(self.case, self.best)
        self.chance = np.random.default_rng(self.seed)
        self.seating = Seating(self.case, self.best, self.watch)

    def run(self) -> None:
        relaxation = self._start()
        for step, improve in (("exchange", partial(self._exchange, relaxation)), ("improve", self._improve)):
            seconds = SHARE_OF_PROOF * self.watch.left
            self._prove(relaxation, seconds=seconds, widest=min(WITHIN_REACH, SEATS_A_SECOND * seconds))
            if self.is_proved:
                return
            self.watch.step = step
            improve()
        self.was_cut = self.watch.look()
        self.watch.step = "prove"
        self._prove(relaxation, seconds=self.watch.left, widest=WIDEST_PROOF)

    def _take(self, division: Division | None) -> bool:
        """Is it better?"""
        if division is None or (price := cost(self.case, division)) >= self.cost - 1e-7 * (1 + abs(self.cost)):
            return False
        self.best, self.cost = division, price
        self._know(division)
        return True

    def _know(self, division: Division) -> None:
        self.seating.know(homes_of(self.case, division.group_of))

    def _start(self) -> Relaxation:
        """From the groups before, if there were; from hosts spread over the land; from those opened by bids."""
        self._begin_as_before()
        self._begin_with_whole_zones()
        self._settle(self.best.host_of)
        relaxation = relax(self.case, self.cost, self.watch, seconds=SHARE_OF_BIDDING * self.watch.left)
        for opening in relaxation.openings[:STARTS]:
            self._settle(shared_out(self.case, np.array(opening)))
        return relaxation

    def _begin_as_before(self) -> None:
        case = self.case
        known = (case.previous >= 0) & (case.previous < case.groups)
        if not known.any():
            return
        host_of = best_hosts(case, shares_of(case, np.where(known, case.previous, -1)))
        group_of = np.where(case.fixed >= 0, case.fixed, np.where(known, case.previous, filled(case, host_of)))
        self._begin_with(Division(group_of, host_of))

    def _begin_with_whole_zones(self) -> None:
        if self.case.wishes.zone and (self.case.zones >= 0).any() and not (self.case.hosts_fixed >= 0).any():
            whole = with_whole_zones(self.case, self.watch)
            if whole is not None:
                self._begin_with(whole)

    def _begin_with(self, division: Division) -> None:
        """Though it may not be the best yet, it says where zones and previous groups are at home."""
        self._take(division)
        self._know(division)
        self._settle(division.host_of)
        self._know(self.best)

    def _settle(self, host_of: Array) -> float:
        """The cost of what it settles to, people perhaps broken; where that promises something, they are made whole."""
        seats = self.seating.settle(host_of, below=self.cost * WORTH_SETTLING)
        if seats is None:
            return np.inf
        self._take(seats.division)
        if seats.cost < self.cost - 1e-6 and not seats.is_whole:
            self._make_whole(seats)
        return seats.cost

    def _make_whole(self, seats: Seats) -> None:
        key = np.sort(seats.host_of).tobytes()
        if self.case.has_names or key not in self.made_whole:
            self.made_whole.add(key)
            pools = [Pool((group,), seats.host_of[[group]]) for group in range(self.case.groups)]
            self._take(choose(self.case, seats.division, pools, self.watch, seconds=LONGEST).division)

    def _exchange(self, relaxation: Relaxation) -> None:
        """One host gives way to another, rather to one that bids speak for, until many times nothing was gained."""
        ends = self.watch.passed + SHARE_OF_EXCHANGE * self.watch.left
        waited = 0
        while waited < PATIENCE * self.case.groups and self.watch.passed < ends and not self.watch.look():
            before = self.cost
            self._settle_once(self._exchanged(relaxation))
            waited = 0 if self.cost < before else waited + 1

    def _settle_once(self, host_of: Array) -> None:
        """The same hosts settle the same way again, unless it matters who was at home where."""
        key = np.sort(host_of).tobytes()
        if self.case.has_names or key not in self.settled:
            self.settled.add(key)
            self._settle(host_of)

    def _exchanged(self, relaxation: Relaxation) -> Array:
        once = self._with_newcomer(relaxation, self.best.host_of)
        return once if self.chance.random() < ONCE else self._with_newcomer(relaxation, once)

    def _with_newcomer(self, relaxation: Relaxation, host_of: Array) -> Array:
        """The newcomer takes the place of one of the three hosts nearest to it, or of any."""
        case, host_of = self.case, host_of.copy()
        free = np.setdiff1d(np.arange(case.hosts), np.concatenate([host_of, case.hosts_fixed]))
        movable = np.flatnonzero(case.hosts_fixed < 0)
        if not len(free) or not len(movable):
            return host_of
        wanted = np.exp(-relaxation.extra[free] / (1e-9 + np.median(relaxation.extra[free])))
        host = int(self.chance.choice(free, p=wanted / wanted.sum()))
        people = case.prices[:, host].argsort(kind="stable")[: max(1, case.people // case.groups)]
        near = movable[case.prices[np.ix_(people, host_of[movable])].sum(axis=0).argsort(kind="stable")]
        host_of[self.chance.choice(near[:3] if self.chance.random() < 0.7 else near)] = host
        return host_of

    def _improve(self) -> None:
        for count in NEIGHBOURS:
            if count == NEIGHBOURS[0] or count <= self.case.groups:
                self._improve_by(min(count, self.case.groups))

    def _improve_by(self, count: int) -> None:
        """Groups near each other are divided anew, until no such neighbourhood gets better."""
        waiting = [int(group) for group in self.chance.permutation(self.case.groups)]
        seen: set[frozenset[int]] = set()
        while waiting and not self.watch.look():
            groups = neighbours(self.case, self.best, waiting.pop(0), count)
            if frozenset(groups) in seen:
                continue
            if self._improve_among(groups):
                seen = {one for one in seen if not one & set(groups)}
                waiting += [group for group in groups if group not in waiting]
            seen.add(frozenset(groups))

    def _improve_among(self, groups: list[int]) -> bool:
        pools = pools_of(self.case, self.best, groups, widest=WIDEST)
        return self._take(choose(self.case, self.best, pools, self.watch, seconds=LONGEST).division)

    def _prove(self, relaxation: Relaxation, *, seconds: float, widest: float) -> None:
        """All groups at once, with every seat that is worth it, unless these are too many."""
        case, groups = self.case, range(self.case.groups)
        worth = self._seats_worth_it(relaxation)
        if seconds <= 0 or worth.sum() > widest or any(is_named(case, group) for group in groups):
            return
        pools = [Pool(tuple(groups), np.flatnonzero(worth.any(axis=0)))]
        choice = choose(case, self.best, pools, self.watch, seconds=seconds, worth=worth)
        self._take(choice.division)
        self.is_proved = choice.is_proved

    def _seats_worth_it(self, relaxation: Relaxation) -> Array:
        """People by hosts: whose use would not already cost more than the best. What is missing to a bound costs more
        than to keep it, so the floor holds there, too."""
        worth = relaxation.floor + relaxation.seats <= self.cost + 1e-6
        worth[np.arange(self.case.people), self.best.host_of[self.best.group_of]] = True
        return worth
