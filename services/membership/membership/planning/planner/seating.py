"""People to given hosts and hosts to given people, in turns, until neither moves: fast, since people may be broken.

Everybody's seat is priced by a linear program that is kept from one set of hosts to the next, so that only what changed
is worked out anew. Whether somebody sits at two hosts is looked at by whoever wants a division of it.
"""

from dataclasses import dataclass

import numpy as np

from .case import Case
from .choosing import Pool, Sheet
from .division import Division, Home, away_prices, homes_of
from .hosts import best_hosts
from .problem import Array
from .program import Held
from .watch import Watch

TURNS = 12


@dataclass(frozen=True)
class Seats:
    """`shares` of each person at each group; `cost` is not above that of any division with these hosts."""

    host_of: Array
    shares: Array
    cost: float

    @property
    def is_whole(self) -> bool:
        return bool((np.abs(self.shares - self.shares.round()) < 1e-6).all())

    @property
    def division(self) -> Division:
        """Who is broken sits where most of them sits."""
        return Division(self.shares.argmax(axis=1), self.host_of)


class Seating:
    """All groups, each at one host. People pay the way and, in each group, what being away from home costs there."""

    def __init__(self, case: Case, division: Division, watch: Watch) -> None:
        self._case, self._watch = case, watch
        sheet = Sheet(case, division, [Pool((group,), division.host_of[[group]]) for group in range(case.groups)])
        self._columns, self._shape = sheet.seats.ravel(), sheet.seats.shape
        self._held = Held(sheet.program, watch.must_stop)
        self.know(homes_of(case, division.group_of))

    def know(self, homes: list[Home]) -> None:
        """From now on zones and previous groups are at home there."""
        self._away = away_prices(self._case, homes)

    def settle(self, host_of: Array, *, below: float) -> Seats | None:
        """None if the first seats cost `below` or more, or time is over."""
        best = self._seats(host_of)
        if best is None or best.cost >= below:
            return None
        for _ in range(TURNS):
            moved = best_hosts(self._case, best.shares, now=best.host_of)
            if (moved == best.host_of).all():
                return best
            after = self._seats(moved)
            if after is None or after.cost >= best.cost - 1e-9:
                return best
            best = after
        return best

    def _seats(self, host_of: Array) -> Seats | None:
        if self._watch.look():
            return None
        prices = self._case.prices[:, host_of] + self._away
        answer = self._held.run(self._columns, prices.ravel())
        if not answer.is_proved:
            return None
        return Seats(host_of, answer.found[self._columns].reshape(self._shape), answer.cost)
