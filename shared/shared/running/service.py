"""A service assembled: what it is made of, and the two roles it plays, `web` and `work`."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import ModuleType

from flask import Blueprint, Flask
from sqlalchemy import MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import Sessions, connect
from shared.domain.policy import Policy
from shared.messaging import outbox
from shared.messaging import policy as operating
from shared.messaging.backlog import Backlog
from shared.messaging.catch_up import CatchUp
from shared.messaging.feed import feed
from shared.messaging.inbox import Inbox
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.pull import Puller
from shared.messaging.push import Bridge, BrokerPublisher, Consumer
from shared.messaging.relay import Relay
from shared.messaging.subscriptions import Subscriptions
from shared.web.app import Application, create_app
from shared.web.health import health
from shared.web.rates import Rates
from shared.web.resources import tag_of
from shared.web.security_headers import expose

from . import migrations, retention
from .audit import audit_trail, seal
from .capabilities import Capability, found_in
from .clock import Clock, Deadline
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


@dataclass(frozen=True)
class Service:
    """A table of contents: capabilities from the ground up. What they bring together, the properties below say.

    `headings` is the order in which the description lists its routes, for who reads it; the rest follows.
    """

    name: str
    title: str
    tables: MetaData
    capabilities: Sequence[ModuleType | Capability]
    settings: type[Settings] = Settings
    headings: Sequence[str] = ()
    parts: Sequence[Capability] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Look into all rooms at once: `tables` knows only what has been imported."""
        parts = [part if isinstance(part, Capability) else found_in(part) for part in self.capabilities]
        object.__setattr__(self, "parts", parts)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions.joined([part.subscriptions for part in self.parts if part.subscriptions])

    @cached_property
    def policy(self) -> Policy:
        return Policy(*operating.kinds, *(kind for part in self.parts for kind in part.kinds))

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs.joined([part.jobs for part in self.parts])

    @cached_property
    def projections(self) -> Sequence[type[DeclarativeBase]]:
        return [table for part in self.parts for table in part.projections]

    @cached_property
    def keepings(self) -> Sequence[Keeping]:
        """How long each kind of data is kept here, what every service has first."""
        return [*retention.OF_EVERY_SERVICE, *(keeping for part in self.parts for keeping in part.retention)]

    def sessions(self, settings: Settings) -> Sessions:
        sessions = Sessions(connect(settings.database_url), settings=settings, policy=self.policy)
        outbox.install(sessions, self.name)
        return sessions

    def create_app(self, settings: Settings) -> Application:
        """The HTTP side. Holds no connection to a broker: events leave by the outbox."""
        sessions = self.sessions(settings)
        watched = [health({"database": partial(self._database_is_wrong, sessions)}), metrics(self._backlog(settings))]
        operated = [feed, logs, audit_trail, dead_letters_of(self.subscriptions)]
        blueprints = [*self._blueprints(settings), *operated, *watched]
        texts = [text for part in self.parts for text in part.texts]
        app = create_app(self.name, self.title, blueprints, sessions, tokens_of(settings), self.policy, texts)
        app.rates = Rates(settings.rate_limit, settings.rate_limit_changes, settings.rate_storage)
        expose(app, origins=settings.origins, proxies=settings.proxies)
        return app

    def _blueprints(self, settings: Settings) -> Iterator[Blueprint]:
        order = {heading: place for place, heading in enumerate(self.headings)}
        routes = [blueprint for part in self.parts for blueprint in part.blueprints]
        yield from sorted(routes, key=lambda blueprint: order.get(tag_of(blueprint), len(order)))
        yield from (page for part in self.parts for page in part.pages(settings))

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
        for worker in (worker for part in self.parts for worker in part.workers):
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

    def _all_deadlines(self, settings: Settings) -> Sequence[Deadline]:
        own = [deadline for part in self.parts for deadline in part.deadlines]
        return [*own, (SEAL_EVERY, seal), *retention.deadlines(self.keepings, settings)]
