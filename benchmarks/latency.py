"""Figures of how long one event takes, from the commit that records it to the commit of its effect."""

from sqlalchemy import text

from . import moving
from .arena import Arena, opened
from .figures import Figure, Goal, Series, percentile
from .players import Player, on_stage
from .wish import Wish
from .writing import write_steadily

PER_SECOND = 50
RUNG = text("SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float FROM bell")
HEARD = text("SELECT bell_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float FROM heard")


def measure(arena: Arena, wish: Wish) -> list[Figure]:
    empty = moving.new_database(arena)
    events = PER_SECOND * wish.size(full=30, small=5)
    rounds = [_latencies(arena, empty, events) for _ in wish.rounds(f"latency, {events} events")]
    half, most = (Series(tuple(percentile(taken, share) for taken in rounds)) for share in (0.5, 0.99))
    name = f"commit to effect, at {PER_SECOND} events/s"
    return [
        Figure(f"{name}: p50", "ms", half, goal=Goal(most=20)),
        Figure(f"{name}: p99", "ms", most, goal=Goal(most=150)),
    ]


def _latencies(arena: Arena, empty: str, events: int) -> list[float]:
    """In milliseconds, by the clock with which the database stamps its commits."""
    belfry, town = arena.new_database(empty), arena.new_database(empty)
    with moving.at_work(arena, belfry, town) as relay, opened(town) as engine:
        relay.go()
        writer = Player(write_steadily, belfry, events, PER_SECOND)
        with on_stage(writer):
            writer.go()
            writer.answer()
        moving.when_heard(engine, events)
    taken = _taken(belfry, town)
    arena.drop(belfry, town)
    return taken


def _taken(belfry: str, town: str) -> list[float]:
    with opened(belfry) as told, opened(town) as heard, told.connect() as here, heard.connect() as there:
        rung_at = dict(here.execute(RUNG).tuples().all())
        return [1000 * (heard_at - rung_at[bell_id]) for bell_id, heard_at in there.execute(HEARD)]
