"""Figures of the way from a commit in one service to its effect in another: events per second.

What is compared is the drain of a backlog: all events are committed before the clock starts, and it stops with the
commit of the last effect. Told beside it: the same with few keys, and with a writer that commits at the same time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from . import bare_kombu, moving
from .arena import Arena, opened
from .figures import Figure, Goal, Series
from .players import Player, on_stage
from .wish import Wish
from .writing import write_fast

MANY_KEYS, FEW_KEYS = 500, 5
NAME = "commit to effect"
UNIT = "events/s"

Peer = Callable[[list[str]], float]


@dataclass(frozen=True)
class Backlog:
    """The belfry's database with events that wait, and an empty one for the town; both are copied for each run."""

    arena: Arena
    full: str
    empty: str
    events: int

    def drain(self, profiles: bool = False) -> float:
        """Events per second."""
        return self.events / moving.drain(self.arena, self.full, self.empty, self.events, profiles)


def backlog_of(arena: Arena, wish: Wish, events: int, keys: int) -> Backlog:
    wish.say(f"recording {events} events of {keys} aggregates")
    return Backlog(arena, moving.write_backlog(arena, events, keys), moving.new_database(arena), events)


def measure(arena: Arena, wish: Wish) -> list[Figure]:
    backlog = backlog_of(arena, wish, wish.size(full=10_000, small=2_000), MANY_KEYS)
    figures = [
        beside(wish, backlog, "bare Kombu", lambda payloads: bare_kombu.move(arena, payloads), Goal(least=0.5)),
        _few_keys(arena, wish),
        _while_written(arena, wish, backlog.empty),
    ]
    if wish.profiles:
        backlog.drain(profiles=True)
    return figures


def beside(wish: Wish, backlog: Backlog, against: str, peer: Peer, goal: Goal) -> Figure:
    """Ours and the peer take turns, with the same bytes. The peer answers with the seconds it took."""
    payloads = moving.payloads(backlog.full)
    ours, theirs = [], []
    for _ in wish.rounds(f"{NAME}, beside {against}"):
        ours.append(backlog.drain())
        theirs.append(len(payloads) / peer(payloads))
    return Figure(NAME, UNIT, Series(tuple(ours)), Series(tuple(theirs)), against, goal)


def _few_keys(arena: Arena, wish: Wish) -> Figure:
    backlog = backlog_of(arena, wish, wish.size(full=2_000, small=500), FEW_KEYS)
    rates = tuple(backlog.drain() for _ in wish.rounds(f"{NAME}, {FEW_KEYS} keys"))
    return Figure(f"{NAME}, {FEW_KEYS} keys", UNIT, Series(rates))


def _while_written(arena: Arena, wish: Wish, empty: str) -> Figure:
    events = wish.size(full=2_000, small=500)
    rates = tuple(events / _written_and_moved(arena, empty, events) for _ in wish.rounds(f"{NAME}, while written"))
    return Figure(f"{NAME}, while written", UNIT, Series(rates))


def _written_and_moved(arena: Arena, empty: str, events: int) -> float:
    """Seconds from the first commit to the last effect, one writer committing one event at a time."""
    belfry, town = arena.new_database(empty), arena.new_database(empty)
    with moving.at_work(arena, belfry, town) as relay, opened(town) as engine:
        relay.go()
        writer = Player(write_fast, belfry, events)
        with on_stage(writer):
            began = time.time()
            writer.go()
            ended = moving.when_heard(engine, events)
    arena.drop(belfry, town)
    return ended - began
