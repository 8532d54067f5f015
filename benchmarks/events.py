"""Figures of the way from a commit in one service to its effect in another: events per second."""

from dataclasses import dataclass

from . import bare_kombu, moving
from .arena import Arena
from .figures import Figure, Goal, Series
from .wish import Wish

MANY_KEYS, FEW_KEYS = 500, 5


@dataclass(frozen=True)
class Backlog:
    """The belfry's database with events that wait, an empty one for the town; both are copied for each run."""

    full: str
    empty: str
    events: int

    def drain(self, arena: Arena) -> float:
        """Events per second."""
        return self.events / moving.drain(arena, self.full, self.empty, self.events)


def measure(arena: Arena, wish: Wish) -> list[Figure]:
    events = wish.size(full=10_000, small=2_000)
    wish.say(f"events: recording {events} events of {MANY_KEYS} aggregates")
    backlog = _backlog(arena, events, MANY_KEYS)
    payloads = moving.payloads(backlog.full)
    ours, kombu = [], []
    for _ in wish.rounds("events, ours beside bare Kombu"):
        ours.append(backlog.drain(arena))
        kombu.append(events / bare_kombu.move(arena, payloads))
    if wish.profiles:
        moving.drain(arena, backlog.full, backlog.empty, events, profiles=True)
    drained = Series(tuple(ours))
    return [Figure("commit to effect", "events/s", drained, Series(tuple(kombu)), "bare Kombu", Goal(least=0.5))]


def _backlog(arena: Arena, events: int, keys: int) -> Backlog:
    return Backlog(moving.write_backlog(arena, events, keys), moving.new_database(arena), events)
