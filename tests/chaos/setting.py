"""How the stage of a run is set: fresh databases, a queue, and lines between everybody and everything."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from bells import hang_bell, open_sessions
from sqlalchemy import make_url

from shared.domain.database import Sessions
from shared.messaging.subscriptions import Subscriptions
from shared.testing.databases import PostgresDatabases, SqliteDatabases
from shared.testing.servers import free_port

from .broker import Queues
from .count import Books
from .lines import Line
from .roles import ears
from .stage import Stage, Way, promises

BELLS = 40


@dataclass(frozen=True)
class Place:
    """Where the databases of a run are made, and its broker; pull has none."""

    databases: PostgresDatabases | SqliteDatabases
    broker: str = ""


@dataclass(frozen=True)
class Scenery:
    """What the one who directs a run has in hand."""

    stage: Stage
    lines: Mapping[str, Line]
    books: Books
    queues: Queues | None


@contextmanager
def scenery(way: Way, place: Place, **more: Any) -> Iterator[Scenery]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="halqa-chaos-")))
        builder = _Builder(stack, folder, place)
        stage = builder.stage(way, **more)
        yield Scenery(stage, builder.lines, builder.books(stage), builder.queues(stage))


class _Builder:
    """Everything it opens is closed with `stack`."""

    def __init__(self, stack: ExitStack, folder: Path, place: Place) -> None:
        self._stack, self._folder, self._broker = stack, folder, place.broker
        self.lines: dict[str, Line] = {}
        # Any service will do: what is needed of it are the tables of messaging.
        self._urls = {name: place.databases.new("membership") for name in ("publisher", "subscriber")}
        self._sessions = {name: self._open(url) for name, url in self._urls.items()}

    def _open(self, url: str) -> Sessions:
        sessions = open_sessions(url)
        self._stack.callback(sessions.engine.dispose)
        return sessions

    def stage(self, way: Way, **more: Any) -> Stage:
        bind = f"127.0.0.1:{free_port()}"
        publisher, subscriber = self._urls["publisher"], self._urls["subscriber"]
        feed_url = "" if way is Way.QUEUE else f"http://{bind}"
        return Stage(
            way=way,
            folder=self._folder,
            subscription=f"ears.chaos_{uuid4().hex[:8]}",
            bells=tuple(hang_bell(self._sessions["publisher"]) for _ in range(BELLS)),
            writer_database=self._through("writers to database", publisher),
            publisher_database=self._through("publisher to database", publisher),
            publisher_broker=self._through("publisher to broker", self._broker),
            subscriber_database=self._through("subscriber to database", subscriber),
            subscriber_broker=self._through("subscriber to broker", self._broker),
            feed_bind=bind,
            feed_url=self._through("subscriber to feed", feed_url).rstrip("/"),
            **more,
        )

    def _through(self, name: str, url: str) -> str:
        """The same address by a line of that name; a file needs none."""
        target = make_url(url) if url else None
        if target is None or not target.port:
            return url
        line = self.lines[name] = self._stack.enter_context(closing(Line((target.host, target.port))))
        return target.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)

    def books(self, stage: Stage) -> Books:
        return Books(self._sessions["publisher"], self._sessions["subscriber"], promises(stage))

    def queues(self, stage: Stage) -> Queues | None:
        """Of the subscriber, and of the publisher, who hears nothing."""
        if not self._broker:
            return None
        both = [ears(stage), Subscriptions(f"{stage.subscription}.publisher")]
        return self._stack.enter_context(closing(Queues(self._broker, both)))
