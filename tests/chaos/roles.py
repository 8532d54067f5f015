"""What the processes of a run do: writers, the publisher's `work`, its feed, the subscriber's `work`.

Relay, log, feed, consumer, pullers and inbox are the real ones, assembled as every service is; only what they wait for
between attempts is shorter here.
"""

import faulthandler
import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from bells import Base, Bell, BellRung, write_down
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shared.domain.database import Sessions
from shared.events import declared
from shared.messaging import catch_up, pull
from shared.messaging.inbox import Inbox
from shared.messaging.push import bridge, consumer, publisher
from shared.messaging.subscriptions import Subscriptions
from shared.running import loops, service
from shared.running.capabilities import Capability
from shared.running.logs import set_up
from shared.running.server import serve_here
from shared.running.service import Service
from shared.running.settings import Settings
from shared.testing import issuer

from . import sabotage, trials
from .deaths import MADE, Death, Fate
from .stage import Stage, Way, promises, tally

THREAD_ENDED = 3  # exit code: a loop that must never end has ended
ATTEMPTS = 30  # so many that no transient failure becomes a dead letter
FAILURES, CHANGED_MINDS = 0.05, 0.05
NOBODY = "http://127.0.0.1:9"  # where the queue alone is tried, nobody reads a feed
HOT = 4  # bells that several writers ring at once

stop = threading.Event()


class ChangedMind(Exception):
    """A writer gives a change up after it was flushed: nobody may ever hear of it."""


def begin(kind: str, stage: Stage, fate: Fate, seed: int, mouth: Connection) -> None:
    """The life of one process, which tells by its `mouth` when it begins to work."""
    _write_to(stage.folder / f"{kind}.log", kind)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    declared[BellRung.wire_type] = BellRung
    random.seed(seed)
    _hurry()
    trials.begin(stage)
    sabotage.begin(stage.sabotage)
    death = Death(fate)
    death.watch_code()
    mouth.send(kind)
    ROLES[kind](stage, death)


def _write_to(path: Path, kind: str) -> None:
    with path.open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    faulthandler.enable()  # should a process end in native code, its log says where
    set_up(kind, f"{os.getpid()}", "text", "INFO")


def _end_with_parent() -> None:
    parent_process().join()
    os._exit(1)


def _hurry() -> None:
    loops.FIRST_BACKOFF, loops.LONGEST_BACKOFF = 0.1, 1.0
    consumer.RECONNECT_AFTER = bridge.RECONNECT_AFTER = (0.1, 0.2, 0.5, 1)
    consumer.PROBE_AFTER = 0.5
    publisher.CONFIRM_WITHIN = publisher.WRITE_WITHIN = 3
    pull.TIMEOUT = (1, 3)
    catch_up.ASK_AGAIN_AFTER = 0.1
    service.CATCH_UP_EVERY = 10
    service.Inbox = partial(Inbox, retry_after=[timedelta(seconds=0.2)] * ATTEMPTS)


class Watched(Service):
    """Its commits are known to whatever waits to end the process."""

    def watched_by(self, death: Death) -> "Watched":
        object.__setattr__(self, "_death", death)
        return self

    def sessions(self, settings: Settings) -> Sessions:
        sessions = super().sessions(settings)
        self._death.watch_commits(sessions)
        return sessions


def _bells(stage: Stage, death: Death) -> Watched:
    hears_nothing = Subscriptions(f"{stage.subscription}.publisher")
    return Watched("bells", "Bells", Base.metadata, [Capability(subscriptions=hears_nothing)], Settings).watched_by(
        death
    )


def ears(stage: Stage) -> Subscriptions:
    return Subscriptions(stage.subscription, on={BellRung: partial(_hear, stage)})


def _ears(stage: Stage, death: Death) -> Watched:
    return Watched("ears", "Ears", Base.metadata, [Capability(subscriptions=ears(stage))], Settings).watched_by(death)


def _hear(stage: Stage, session: Session, event: BellRung) -> None:
    write_down(session, event)
    if random.random() < FAILURES:
        tally(stage).write("handler failures", 1)
        raise ConnectionError("a server that the handler needs is away for a moment")


def write(stage: Stage, death: Death) -> None:
    """Ring bells; some of them are rung by all writers at once."""
    sessions = _bells(stage, death).sessions(_settings(stage.writer_database))
    while not stop.wait(random.uniform(0, 0.06)):
        few = random.random() < 0.3
        _ring_until_done(sessions, stage, random.choice(stage.bells[:HOT] if few else stage.bells))


def _ring_until_done(sessions: Sessions, stage: Stage, bell_id: UUID) -> None:
    while not stop.is_set():
        try:
            return promises(stage).write(bell_id, _ring(sessions, bell_id))
        except StaleDataError:
            tally(stage).write("stale changes made again", 1)
        except ChangedMind:
            return tally(stage).write("changes given up", 1)
        except SQLAlchemyError:  # it may have been committed all the same: the count will tell
            tally(stage).write("changes of unknown outcome", 1)
            stop.wait(0.1)
    return None


def _ring(sessions: Sessions, bell_id: UUID) -> int:
    """Returns, once it is committed, how often the bell was rung."""
    with sessions.transaction() as session:
        bell = session.get_one(Bell, bell_id)
        for _ in range(random.choice((1, 1, 2, 3))):
            bell.ring()
        if random.random() < CHANGED_MINDS:
            session.flush()
            raise ChangedMind
        return bell.rung


def publish(stage: Stage, death: Death) -> None:
    _work(_bells(stage, death), _settings(stage.publisher_database, broker_url=stage.publisher_broker))


def feed(stage: Stage, death: Death) -> None:
    settings = _settings(stage.publisher_database, bind=stage.feed_bind)
    app = _bells(stage, death).create_app(settings)

    @app.after_request
    def pass_by(response):
        death.pass_by(MADE)
        return response

    serve_here(app, settings)


def subscribe(stage: Stage, death: Death) -> None:
    broker = {"broker_url": stage.subscriber_broker, "peers": f"bells={stage.feed_url or NOBODY}"}
    if stage.way is Way.QUEUE:
        catch_up.CatchUp.run = lambda _self, _stop: None
        catch_up.CatchUp.step = lambda _self: False
    _work(_ears(stage, death), _settings(stage.subscriber_database, **broker))


def _settings(database: str, **more: str) -> Settings:
    return Settings(database_url=database, **issuer.settings_to_ask_others(), **more)


def _work(service: Service, settings: Settings) -> None:
    crew = loops.Crew()
    service.start_work(settings, crew)
    while crew.alive and not stop.wait(0.1):
        pass
    if not crew.alive:
        os._exit(THREAD_ENDED)
    crew.finish()


ROLES: dict[str, Callable[[Stage, Death], None]] = {
    "writer": write,
    "publisher": publish,
    "feed": feed,
    "subscriber": subscribe,
}
