"""The command line of one service: `python -m meetings web | work | run | migrate | …`."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import fields

import click
import requests
import waitress
from sqlalchemy.exc import OperationalError

from shared.domain.database import connect
from shared.messaging.log import begin_epoch, identity_of, open_log

from . import logs, migrations, retention
from .audit import audit_of
from .garbage_collection import seek_cycles_rarely
from .loops import Crew, backoff
from .metrics import count_together
from .parent import stop_with_parent
from .rebuild_command import rebuild_of
from .server import ForkingServer, PortInUse, demand_free_port, serve_here, split
from .service import Service
from .settings import MissingSettings, Settings
from .topology_commands import demand_topology, topology_of
from .zones import use_pinned_rules

log = logging.getLogger(__name__)

migrate_first = click.option("--migrate", "migrates", is_flag=True, help="Bring the database up to date first.")


def command_of(service: Service) -> click.Group:
    """The service's command; each role reads its settings from the environment and refuses to start without."""
    settings = f"Settings come from the environment: see `{service.name} settings`."
    main = click.Group(service.name, help=f"{service.title}.\n\n{settings}", callback=lambda: _begin(service))
    for command in (web, work, run, migrate, restored, check_health, show_settings, show_retention):
        main.add_command(command)
    main.add_command(topology_of(lambda: [service]))
    main.add_command(rebuild_of(_prepare))
    main.add_command(audit_of(_prepare))
    return main


def _begin(service: Service) -> None:
    click.get_current_context().obj = service
    use_pinned_rules()
    seek_cycles_rarely()
    if os.environ.get("HALQA_STOP_WITH_PARENT"):
        stop_with_parent()


@click.command()
@migrate_first
@click.pass_obj
def web(service: Service, migrates: bool) -> None:
    """Answer requests."""
    count_together(_settings(service).workers)
    settings = _prepare(service, migrates)
    _listen(service, settings)
    ForkingServer(lambda: service.create_app(settings), settings).run()


@click.command()
@migrate_first
@click.pass_obj
def work(service: Service, migrates: bool) -> None:
    """Relay events, hear others, keep deadlines; no requests."""
    settings, crew = _prepare(service, migrates), Crew()
    for reason in (signal.SIGTERM, signal.SIGINT):
        signal.signal(reason, lambda *_: crew.stop.set())
    demand_topology(service, settings)
    service.start_work(settings, crew)
    if settings.work_bind:
        threading.Thread(target=_answer_watchers, args=(service, settings, crew), daemon=True).start()
    log.info("working")
    crew.stop.wait()
    crew.finish()


@click.command()
@migrate_first
@click.pass_obj
def run(service: Service, migrates: bool) -> None:
    """Web and work in one process: for one machine."""
    settings, crew = _prepare(service, migrates), Crew()
    _listen(service, settings)
    demand_topology(service, settings)
    service.start_work(settings, crew)
    serve_here(service.create_app(settings), settings)
    crew.finish()


@click.command()
@click.pass_obj
def migrate(service: Service) -> None:
    """Bring the database up to date, and stop."""
    _prepare(service, migrates=True)


@click.command()
@click.pass_obj
def restored(service: Service) -> None:
    """Say that the database was restored from a backup: run it once, before `work` starts again.

    Most restores are noticed without; this one is certain. A new epoch of the event log begins: whoever reads the log
    compares, and reads again what differs. `halqa reconcile` then lists what others were told and this log has lost.
    """
    sessions = service.sessions(_prepare(service, migrates=False))
    with sessions.transaction() as session:
        log_row = open_log(session)
        log_row.identity = identity_of(session)
        begin_epoch(log_row, "an operator says that the database was restored")


@click.command("health")
@click.option("--of", type=click.Choice(["web", "work"]), default="web", show_default=True)
@click.pass_obj
def check_health(service: Service, of: str) -> None:
    """Exit 0 if the role running here is ready: for a container's health check."""
    settings = _settings(service)
    sys.exit(0 if _is_ready(settings.bind if of == "web" else settings.work_bind) else 1)


@click.command("settings")
@click.pass_obj
def show_settings(service: Service) -> None:
    """List every setting and what it is for."""
    for field in fields(service.settings):
        click.echo(f"{field.metadata['env']:34} {field.metadata['purpose']}")


@click.command("retention")
@click.pass_obj
def show_retention(service: Service) -> None:
    """List how long each kind of data is kept, why, and what becomes of it then."""
    click.echo(retention.as_table(service.keepings, _settings(service)))


def _settings(service: Service) -> Settings:
    try:
        return service.settings.read(os.environ)
    except MissingSettings as missing:
        sys.exit(f"{service.name} cannot start:\n{missing}")


def _prepare(service: Service, migrates: bool) -> Settings:
    """Settings read, database answering and up to date; says what it waits for."""
    settings = _settings(service)
    logs.set_up(service.name, click.get_current_context().info_name or "", settings.log_format, settings.log_level)
    if settings.issuer.startswith("http://"):
        log.warning("HALQA_ISSUER has no TLS, as for development: whoever is between, or reaches it, can be anybody")
    engine = connect(settings.database_url)
    _until_it_answers(lambda: engine.connect().close(), "the database")
    if migrates:
        migrations.upgrade(engine, service.name)
    if lacking := migrations.missing(engine, service.name):
        sys.exit(f"{service.name} cannot start: {lacking}")
    engine.dispose()
    return settings


def _until_it_answers(attempt: Callable[[], None], what: str) -> None:
    failures = 0
    while True:
        try:
            return attempt()
        except OperationalError as error:
            failures += 1
            wait = backoff(failures)
            log.warning("%s does not answer, again in %.0f s: %s", what, wait, str(error.orig).strip().splitlines()[0])
            time.sleep(wait)


def _listen(service: Service, settings: Settings) -> None:
    try:
        demand_free_port(settings.bind)
    except PortInUse as error:
        sys.exit(f"{service.name} cannot start: {error}")
    log.info("listening on http://%s", settings.bind)


def _answer_watchers(service: Service, settings: Settings, crew: Crew) -> None:
    """Several at once: a scrape that waits for a database must not hold up the question whether we live."""
    host, port = split(settings.work_bind)
    waitress.serve(service.create_work_app(settings, crew), host=host, port=port, threads=4, _quiet=True)


def _is_ready(bind: str) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{split(bind)[1]}/health/ready", timeout=5).ok
    except requests.RequestException:
        return False
