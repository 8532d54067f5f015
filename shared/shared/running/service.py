"""A service assembled: what it is made of, and the two roles it plays, `web` and `work`."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy import MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import Sessions, connect
from shared.domain.policy import Policy
from shared.messaging import outbox
from shared.messaging.backlog import Backlog
from shared.messaging.catch_up import CatchUp
from shared.messaging.feed import feed
from shared.messaging.inbox import Inbox
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.policy import operating as operating_policy
from shared.messaging.pull import Puller
from shared.messaging.push import Bridge, BrokerPublisher, Consumer
from shared.messaging.relay import Relay
from shared.messaging.subscriptions import Subscriptions
from shared.web.app import create_app
from shared.web.exposure import expose
from shared.web.health import health
from shared.web.rates import Rates

from . import migrations, retention
from .audit import audit_trail, seal
from .clock import Clock, Deadlines
from .dead_letter_routes import dead_letters_of
from .jobs import Jobs
from .jobs import Worker as JobWorker
from .log_routes import logs
from .loops import Crew
from .metrics import metrics
from .readiness import create_work_app
from .retention import Keeping
from .settings import Settings
from .trust import credentials_of, tokens_of

SEAL_EVERY = 1  # seconds
CATCH_UP_EVERY = 60  # seconds, where a broker brings the events: for what it may have lost

log = logging.getLogger(__name__)

Worker = Callable[[Sessions, Leadership, Settings], Callable[[], bool]]


@dataclass(frozen=True)
class Service:
    """A table of contents. `workers` are what a service does towards the outside world (sending mail).

    `projections` are what it was told by others and keeps: the tables that `rebuild` can make anew.
    `jobs` are what takes longer than a request may. `policies` say who may do what; `texts` are the catalogues of what
    refusals say to people; `retention` says how long which of its data is kept.
    """

    name: str
    title: str
    tables: MetaData
    blueprints: Sequence[Blueprint]
    subscriptions: Subscriptions
    projections: Sequence[type[DeclarativeBase]] = ()
    deadlines: Deadlines = field(default_factory=Deadlines)
    jobs: Jobs = field(default_factory=Jobs)
    settings: type[Settings] = Settings
    workers: Sequence[Worker] = ()
    extra_blueprints: Callable[[Settings], Sequence[Blueprint]] = lambda _settings: ()
    texts: Sequence[Path] = ()
    policies: Sequence[Policy] = ()
    retention: Sequence[Keeping] = ()

    def sessions(self, settings: Settings) -> Sessions:
        sessions = Sessions(connect(settings.database_url))
        outbox.install(sessions, self.name)
        return sessions

    def create_app(self, settings: Settings) -> Flask:
        """The HTTP side. Holds no connection to a broker: events leave by the outbox."""
        sessions = self.sessions(settings)
        watched = [health({"database": partial(self._database_is_wrong, sessions)}), metrics(self._backlog(settings))]
        operating = [feed, logs, audit_trail, dead_letters_of(self.subscriptions)]
        blueprints = [*self.blueprints, *self.extra_blueprints(settings), *operating, *watched]
        app = create_app(
            self.name,
            self.title,
            blueprints,
            sessions,
            tokens_of(settings),
            self.texts,
            [*self.policies, operating_policy],
        )
        app.rates = Rates(settings.rate_limit, settings.rate_limit_changes, settings.rate_storage)
        expose(app, origins=settings.origins, proxies=settings.proxies)
        return app

    def create_work_app(self, settings: Settings, crew: Crew) -> Flask:
        """What `work` answers: whether it does its duty, and what it counts."""
        checks = {"database": partial(self._database_is_wrong_at, settings.database_url)}
        return create_work_app(settings, self.subscriptions.name, checks, crew, self._backlog(settings))

    def _database_is_wrong_at(self, url: str) -> str | None:
        sessions = Sessions(connect(url))
        try:
            return self._database_is_wrong(sessions)
        finally:
            sessions.engine.dispose()

    def _backlog(self, settings: Settings) -> Backlog:
        return Backlog(settings.database_url, self.subscriptions.name, publishes=bool(settings.broker_url))

    def _database_is_wrong(self, sessions: Sessions) -> str | None:
        try:
            with sessions.reader() as session:
                session.execute(text("SELECT 1"))
            return migrations.missing(sessions.engine, self.name)
        except SQLAlchemyError as error:
            return f"the database does not answer ({type(error).__name__})"

    def start_work(self, settings: Settings, crew: Crew) -> None:
        """Everything that goes on beside requests: relay, consumer or pullers, retries, deadlines, workers."""
        sessions = self.sessions(settings)
        self._start_relay(sessions, settings, crew)
        self._start_hearing(sessions, settings, crew)
        clock = Clock(sessions, Leadership(sessions.engine, "clock"), self._all_deadlines(settings))
        crew.repeat(clock.step, "clock", every=0.5)
        if self.jobs.handlers:
            jobs = JobWorker(sessions, Leadership(sessions.engine, "jobs"), self.jobs, crew.stop.is_set)
            crew.repeat(jobs.step, "jobs", every=0.2)
        for worker in self.workers:
            step = worker(sessions, Leadership(sessions.engine, worker.__name__), settings)
            crew.repeat(step, worker.__name__)

    def _start_relay(self, sessions: Sessions, settings: Settings, crew: Crew) -> None:
        stamper = Stamper(sessions, Leadership(sessions.engine, "log"))
        crew.repeat(stamper.step, "log")
        if settings.broker_url:
            publisher = BrokerPublisher(settings.broker_url, passive=settings.finds_topology)
            relay = Relay(sessions, Leadership(sessions.engine, "relay"), publisher)
            crew.repeat(relay.step, "relay", wake=stamper.stamped)

    def _start_hearing(self, sessions: Sessions, settings: Settings, crew: Crew) -> None:
        inbox = Inbox(sessions, self.subscriptions)
        crew.repeat(inbox.retry_due, "inbox retries", every=0.5)
        pullers = self._pullers(sessions, inbox, settings)
        if settings.broker_url:
            catch_up = CatchUp(pullers)
            consumer = Consumer(settings.broker_url, inbox, catch_up.run, passive=settings.finds_topology)
            crew.start(consumer.run, "consumer")
            bridge = Bridge(settings.broker_url, sessions, self.subscriptions, passive=settings.finds_topology)
            crew.start(bridge.run, "dead letters")
            crew.repeat(catch_up.step, "catch up", every=CATCH_UP_EVERY)
        else:
            for puller in pullers:
                crew.repeat(puller.step, f"pull from {puller.publisher}")

    def _pullers(self, sessions: Sessions, inbox: Inbox, settings: Settings) -> list[Puller]:
        token = credentials_of(settings, self.name)
        return [
            Puller(sessions, inbox, publisher, settings.url_of(publisher), token)
            for publisher in self.subscriptions.publishers
        ]

    @property
    def keepings(self) -> list[Keeping]:
        """How long each kind of data is kept here, what every service has first."""
        return [*retention.OF_EVERY_SERVICE, *self.retention]

    def _all_deadlines(self, settings: Settings) -> Deadlines:
        own = self.deadlines.every_seconds
        return Deadlines([*own, (SEAL_EVERY, seal), *retention.deadlines(self.keepings, settings)])
