"""Events from one service's database to another's, by the real relay, broker and consumer, each in its process.

belfry's database ── relay ──> RabbitMQ ── consumer ──> town's database
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import cycle, islice
from typing import TypeVar
from uuid import UUID, uuid4

import kombu
from amqp.exceptions import NotFound
from sqlalchemy import Engine, select, text

from shared.domain.database import Sessions
from shared.messaging.outbox import OutboxRow
from shared.running.loops import Crew
from shared.testing.serving import served
from shared.testing.waiting import eventually

from . import bells
from .arena import Arena, opened
from .players import LONGEST, Cue, Player, on_stage
from .profiling import every_thread, told

T = TypeVar("T")

HEARD = text("SELECT count(*) FROM heard")
LAST_HEARD_AT = text("SELECT extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float FROM heard")
MOST_AT_ONCE = 200  # rings in one transaction, when a backlog is written


def work(cue: Cue, name: str, run: str, database_url: str, urls: dict[str, str], profiles: bool) -> None:
    """What `python -m <service> work` does, until told to stop; answers with its profile, if that is wished for."""
    service = {"belfry": bells.belfry, "town": bells.town}[name](run)
    crew = Crew()
    cue.ready()
    with every_thread() if profiles else nullcontext({}) as found:
        service.start_work(bells.settings(database_url, **urls), crew)
        cue.until_told()
        crew.finish()
    cue.tell(told(found))


def write_backlog(arena: Arena, events: int, keys: int) -> str:
    """A belfry's database that holds so many events, recorded by so many bells in turn; none has moved yet."""
    url = new_database(arena)
    with opened(url) as engine:
        sessions = bells.open_belfry(engine)
        record(sessions, bells.hang_bells(sessions, keys), events)
    return url


def record(sessions: Sessions, bell_ids: Sequence[UUID], events: int) -> None:
    """The bells are rung in turn, many in one transaction."""
    for some in in_parts(islice(cycle(bell_ids), events), min(len(bell_ids), MOST_AT_ONCE)):
        bells.ring_bells(sessions, some)


def new_database(arena: Arena) -> str:
    url = arena.new_service_database("membership")
    bells.create_tables(url)
    return url


def in_parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


def payloads(database_url: str) -> list[str]:
    """The very bytes that the relay publishes."""
    with opened(database_url) as engine, engine.connect() as connection:
        return list(connection.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq)))


def drain(arena: Arena, backlog: str, silence: str, events: int, profiles: bool = False) -> float:
    """Seconds from the start of the relay until the last effect is committed, on copies of these databases."""
    belfry, town = arena.new_database(backlog), arena.new_database(silence)
    seconds = move(arena, belfry, town, events, profiles=profiles)
    arena.drop(belfry, town)
    return seconds


def move(arena: Arena, belfry: str, town: str, events: int, *, run: str | None = None, profiles: bool = False) -> float:
    """The same on these databases themselves, until the town has heard so many events in all."""
    with at_work(arena, belfry, town, run=run, profiles=profiles) as relay, opened(town) as engine:
        began = time.time()
        relay.go()
        return when_heard(engine, events) - began


@contextmanager
def at_work(
    arena: Arena, belfry: str, town: str, *, run: str | None = None, profiles: bool = False
) -> Iterator[Player]:
    """The town listens already; the belfry's relay waits for its cue. Afterwards their profiles are printed."""
    run = run or uuid4().hex[:8]
    app = bells.belfry(run).create_app(bells.settings(belfry))
    with served(app) as feed:  # where the town asks, before it listens, what it has missed
        urls = {"broker_url": arena.broker_url, "peers": f"belfry={feed.url}"}
        relay = Player(work, "belfry", run, belfry, urls, profiles)
        consumer = Player(work, "town", run, town, urls, profiles)
        yield from _played(arena, run, relay, consumer, profiles)
    app.sessions.engine.dispose()


def _played(arena: Arena, run: str, relay: Player, consumer: Player, profiles: bool) -> Iterator[Player]:
    with on_stage(relay, consumer):
        consumer.go()
        wait_for_listener(arena, bells.town(run).subscriptions.name)
        yield relay
        for player, name in ((relay, "belfry"), (consumer, "town")):
            player.stop()
            print(f"=== process: {name}\n{player.answer()}" if profiles else "", end="")
    delete_queues(arena, run)


def wait_for_listener(arena: Arena, queue: str) -> None:
    with kombu.Connection(arena.broker_url) as connection:
        eventually(lambda: _has_listener(connection, queue), within=30, what=f"somebody listens to {queue}")


def _has_listener(connection: kombu.Connection, queue: str) -> bool:
    try:
        with connection.channel() as channel:
            return channel.queue_declare(queue, passive=True).consumer_count > 0
    except NotFound:
        return False


def when_heard(engine: Engine, events: int) -> float:
    """The moment, in seconds since 1970, of the commit that completed so many effects."""
    eventually(lambda: _count(engine) >= events, within=LONGEST, what=f"{events} effects in the town")
    with engine.connect() as connection:
        return connection.scalar(LAST_HEARD_AT)


def _count(engine: Engine) -> int:
    time.sleep(0.2)  # asked rarely, so that asking costs nothing
    with engine.connect() as connection:
        return connection.scalar(HEARD)


def delete_queues(arena: Arena, run: str) -> None:
    with kombu.Connection(arena.broker_url) as connection, connection.channel() as channel:
        for service in (bells.belfry(run), bells.town(run)):
            for queue in (service.subscriptions.name, f"{service.subscriptions.name}.dead"):
                channel.queue_delete(queue)
