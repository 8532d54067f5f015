"""Figures of requests: a POST that changes and tells, a GET of a list, ours beside bare Flask.

The figure is the whole request over real HTTP, since that is what a caller waits for; the same without server and
network is told beside it, since nothing there hides the difference.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle, islice, repeat
from uuid import UUID

from sqlalchemy import text

from . import bells, moving
from .arena import Arena, opened
from .figures import Figure, Goal, Series
from .profiling import this_thread
from .serving import Caller, InProcess, make_app, served
from .wish import Wish

BELLS = 500
GOAL = Goal(least=0.7)  # with tokens, policy, limits, conditions and audit; before those it was 0.8
WARM_UP = 100  # requests
TURN = 20  # requests
AGAINST = "bare Flask + SQLAlchemy"

TOLD = text("SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY length(payload)) FROM outbox")

Side = Caller | InProcess
Request = tuple[str, str, bytes]


def measure_post(arena: Arena, wish: Wish) -> list[Figure]:
    belfry, bell_ids = _belfry(arena)
    rings = [("POST", f"/v1/bells/{bell_id}/ring", b'{"times":3}') for bell_id in bell_ids]
    return _measure(arena, wish, "POST: one change, one event", belfry, lambda: cycle(rings))


def measure_get(arena: Arena, wish: Wish) -> list[Figure]:
    belfry, _ = _belfry(arena)
    return _measure(arena, wish, "GET: a list of 20", belfry, lambda: repeat(("GET", "/v1/bells?limit=20", b"")))


def measure_watched_get(arena: Arena, wish: Wish) -> list[Figure]:
    """Beside the same bare list: what it costs to write down who has read whose personal data."""
    belfry, _ = _belfry(arena)
    watched = repeat(("GET", "/v1/bells/watched?limit=20", b""))
    return _measure(arena, wish, "GET: a list of 20 people, audited", belfry, lambda: watched, goal=None)


def _belfry(arena: Arena) -> tuple[str, list[UUID]]:
    url = moving.new_database(arena)
    with opened(url) as engine:
        return url, bells.hang_bells(bells.open_belfry(engine), BELLS)


def _measure(
    arena: Arena,
    wish: Wish,
    name: str,
    belfry: str,
    requests: Callable[[], Iterator[Request]],
    goal: Goal | None = GOAL,
) -> list[Figure]:
    """Each side has its own server and its own copy of the database."""
    urls = {side: arena.new_database(belfry) for side in ("ours", "bare")}
    with ExitStack() as stack:
        over_http = [stack.enter_context(served(side, url)) for side, url in urls.items()]
        figure = beside(wish, name, over_http, requests, goal)
    _demand_same_rows(urls)
    in_process = [InProcess(make_app(side, url)) for side, url in urls.items()]
    same = beside(wish, f"{name}, in process", in_process, requests)
    if wish.profiles:
        with this_thread(f"{name}, ours"):
            _rates(in_process[:1], [requests()], WARM_UP)
    return [figure, same]


def beside(
    wish: Wish,
    name: str,
    sides: list[Side],
    requests: Callable[[], Iterator[Request]],
    goal: Goal | None = None,
    against: str = AGAINST,
) -> Figure:
    count = wish.size(full=1_000, small=300)
    todo = [requests() for _ in sides]
    _warm_up(sides, todo)
    rates = [_rates(sides, todo, count) for _ in wish.rounds(name)]
    ours, bare = (Series(tuple(values)) for values in zip(*rates, strict=True))
    return Figure(name, "requests/s", ours, bare, against, goal)


def _warm_up(sides: list[Side], todo: list[Iterator[Request]]) -> None:
    """Also the proof that both do the same: the same answers, letter for letter."""
    for _ in range(WARM_UP):
        ours, bare = (side.call(*next(mine)) for side, mine in zip(sides, todo, strict=True))
        if ours != bare:
            raise RuntimeError(f"answers differ:\n{ours.decode()}\n{bare.decode()}")


def _demand_same_rows(urls: dict[str, str]) -> None:
    """As many events, of the same size."""
    told = []
    for url in urls.values():
        with opened(url) as engine, engine.connect() as connection:
            told.append(tuple(connection.execute(TOLD).one()))
    if told[0] != told[1]:
        raise RuntimeError(f"the rows differ: {told}")


def _rates(sides: list[Side], todo: list[Iterator[Request]], count: int) -> list[float]:
    """Requests per second of each side, which take turns every few requests, so that the machine treats both alike."""
    taken = [0.0 for _ in sides]
    for _ in range(count // TURN):
        for place, (side, mine) in enumerate(zip(sides, todo, strict=True)):
            began = time.perf_counter()
            for request in islice(mine, TURN):
                side.call(*request)
            taken[place] += time.perf_counter() - began
    return [count // TURN * TURN / seconds for seconds in taken]
