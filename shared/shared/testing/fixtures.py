"""Pytest fixtures; a package's conftest says `pytest_plugins = ["shared.testing.fixtures"]`."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from shared.running.service import Service
from shared.running.zones import use_pinned_rules

from . import run_folder
from .databases import PostgresDatabases, SqliteDatabases, fastest_place
from .harness import Driven
from .once import Once
from .quick_routes import build_apps_quickly
from .quick_statements import compile_statements_once
from .servers import (
    RABBITMQ_IMAGE,
    RABBITMQ_NEXT_IMAGE,
    Broker,
    NotAtHand,
    NotToBeHad,
    engine_answers,
    postgres,
    rabbitmq,
    rabbitmq_of,
)
from .virtual_host import VirtualHost

AFTER_ALL_ELSE = -1000  # what multiprocessing leaves in our folder, it removes itself
NO_SERVER = "no server for this: "
NOT_AT_HAND = "this version is not at hand: "

missing_servers: set[str] = set()
missing_versions: set[str] = set()

use_pinned_rules()  # as every process of ours does first
build_apps_quickly()
compile_statements_once()


@pytest.fixture(scope="session")
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Once]:
    """What all workers of this run share: a server takes seconds of both cores to start."""
    folder = tmp_path_factory.getbasetemp()
    once = Once(folder.parent if hasattr(request.config, "workerinput") else folder)
    yield once
    once.close()


def _server(once: Once, name: str, start: Callable) -> Any:
    try:
        return once.get(name, start)
    except NotToBeHad as reason:
        pytest.skip(f"{NO_SERVER}{reason}")
    except NotAtHand as reason:
        pytest.skip(f"{NOT_AT_HAND}{reason}")


def broker_of(once: Once, image: str) -> Broker:
    """Of that version; skips the test where there is none."""
    return _server(once, image.replace(":", " "), partial(rabbitmq_of, image))


@pytest.fixture(scope="session")
def postgres_url(once: Once) -> str:
    return _server(once, "postgres", postgres)


@pytest.fixture(scope="session")
def rabbitmq_url(once: Once) -> Iterator[str]:
    """In a container, a virtual host for this worker alone."""
    if os.environ.get("HALQA_TEST_RABBITMQ_URL") or not engine_answers():
        yield _server(once, "rabbitmq", rabbitmq)
        return
    host = VirtualHost(broker_of(once, RABBITMQ_IMAGE))
    yield host.url
    host.delete()


@pytest.fixture(scope="session", params=[RABBITMQ_IMAGE, RABBITMQ_NEXT_IMAGE])
def broker(request: pytest.FixtureRequest, once: Once) -> Broker:
    """Each version of RabbitMQ at hand, one after the other: what holds on one must hold on the other."""
    return broker_of(once, request.param)


@pytest.fixture
def virtual_host(broker: Broker) -> Iterator[VirtualHost]:
    host = VirtualHost(broker)
    yield host
    host.delete()


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    with TemporaryDirectory(dir=fastest_place()) as folder:
        yield SqliteDatabases(Path(folder))


@pytest.fixture(scope="session")
def postgres_databases(postgres_url: str) -> PostgresDatabases:
    return PostgresDatabases(postgres_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[SqliteDatabases | PostgresDatabases]:
    """Both databases, one after the other: what holds on one must hold on the other."""
    made = request.getfixturevalue("sqlite_databases" if request.param == "sqlite" else "postgres_databases")
    yield made
    made.drop_all()


@pytest.fixture
def drive(databases) -> Iterator[Callable[..., Driven]]:
    """`drive(service)` gives the service on a fresh database of either kind."""
    opened: list[Driven] = []

    def open_one(service: Service, **settings: Any) -> Driven:
        opened.append(Driven(service, databases.new(service.name), **settings))
        return opened[-1]

    yield open_one
    for driven in opened:
        driven.close()


def pytest_configure(config: pytest.Config) -> None:
    """The process that sums up owns what the run leaves; its workers find it in the environment."""
    if not hasattr(config, "workerinput") and run_folder.OWNER not in os.environ:
        run_folder.begin()
        Finalize(None, run_folder.end, exitpriority=AFTER_ALL_ELSE)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # Read from reports, which reach the one who sums up also when workers run the tests.
    for marker, reasons in ((NO_SERVER, missing_servers), (NOT_AT_HAND, missing_versions)):
        if report.skipped and isinstance(report.longrepr, tuple) and marker in report.longrepr[2]:
            reasons.add(report.longrepr[2].partition(marker)[2])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in sorted(missing_servers):
        terminalreporter.write_line(f"NOT TESTED for want of a server. {reason}", red=True, bold=True)
    for reason in sorted(missing_versions):  # which fails no run: the version before was tested
        terminalreporter.write_line(f"NOT TESTED on one version. {reason}", yellow=True, bold=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Where an engine runs there is no excuse: a skipped test is then a failed run.
    if missing_servers and (engine_answers() or os.environ.get("HALQA_TEST_NO_SKIPS")):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
