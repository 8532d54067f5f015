"""Figures of growth: what an event costs with ten thousand rows behind it, and with ten million."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from shared.messaging.backlog import Backlog

from . import bells, moving, past
from .arena import Arena, opened
from .figures import Figure, Goal, Series
from .wish import Wish

FEW, MANY, MANY_WHEN_SMALL = 10_000, 10_000_000, 300_000  # rows in the outbox and in the inbox
FIRST = 200  # events that go all the way, so that the log is begun
KEYS = 500
QUESTIONS = 30
NAMES = ("recording an event", "moving an event", "asking for the backlog")
GOAL = Goal(most=1.1)


@dataclass
class Past:
    """Two databases that were in use for long, and the bells of the belfry that are rung again."""

    arena: Arena
    run: str
    belfry: str
    town: str
    bell_ids: list[UUID]
    heard: int = FIRST

    def record(self, engine: Engine, events: int) -> float:
        """Milliseconds for each event."""
        began = time.perf_counter()
        moving.record(bells.open_belfry(engine), self.bell_ids, events)
        return 1000 * (time.perf_counter() - began) / events

    def move(self, events: int) -> float:
        self.heard += events
        return 1000 * moving.move(self.arena, self.belfry, self.town, self.heard, run=self.run) / events

    def ask(self) -> float:
        """Milliseconds for each time that the metrics of both are asked for."""
        asked = [Backlog(url, _subscription(self.run), publishes=True) for url in (self.belfry, self.town)]
        began = time.perf_counter()
        for _ in range(QUESTIONS):
            for backlog in asked:
                list(backlog.collect())
        return 1000 * (time.perf_counter() - began) / QUESTIONS


def measure(arena: Arena, wish: Wish) -> list[Figure]:
    many = wish.size(full=MANY, small=MANY_WHEN_SMALL)
    events = wish.size(full=2_000, small=1_000)
    long, short = (_past(arena, wish, rows) for rows in (many, FEW))
    costs = [[_costs(side, events) for side in (long, short)] for _ in wish.rounds(f"growth, {FEW:,} or {many:,} rows")]
    against = f"{FEW:,} rows instead of {many:,}"
    return [Figure(f"growth: {name}", "ms", *_series(costs, place), against, GOAL) for place, name in enumerate(NAMES)]


def _series(costs: list[list[tuple[float, ...]]], place: int) -> tuple[Series, Series]:
    long, short = ([sides[side][place] for sides in costs] for side in (0, 1))
    return Series(tuple(long)), Series(tuple(short))


def _costs(side: Past, events: int) -> tuple[float, float, float]:
    with opened(side.belfry) as engine:
        recorded = side.record(engine, events)
    return recorded, side.move(events), side.ask()


def _past(arena: Arena, wish: Wish, rows: int) -> Past:
    wish.say(f"growth: making a past of {rows:,} events (minutes, if they are millions)")
    run, belfry, town = f"growth_{rows}", moving.write_backlog(arena, FIRST, FIRST), moving.new_database(arena)
    moving.move(arena, belfry, town, FIRST, run=run)
    with ExitStack() as stack:
        told, heard = (stack.enter_context(opened(url)) for url in (belfry, town))
        wire_type, payload = bells.BellRung.wire_type, moving.payloads(belfry)[0]
        past.fill_outbox(told, rows, wire_type, payload, wish.say)
        past.fill_inbox(heard, rows, wire_type, _subscription(run), wish.say)
        past.stand_at_end(told, heard, _subscription(run))
        return Past(arena, run, belfry, town, past.hang_old_bells(told, rows, KEYS))


def _subscription(run: str) -> str:
    return bells.town(run).subscriptions.name
