"""Where everything is measured: a PostgreSQL that loses nothing, a RabbitMQ, and fresh databases for each run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Engine, NullPool, create_engine, text

from shared.domain.database import connect
from shared.running.migrations import upgrade
from shared.testing import servers

GIVEN_POSTGRES = "HALQA_BENCH_POSTGRES_URL"
# Durable, as in production. Commit timestamps tell to the microsecond when a row was committed, without a probe.
DURABLE = ("track_commit_timestamp=on", "max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB")


class Arena:
    def __init__(self, postgres_url: str, broker_url: str) -> None:
        self.postgres_url, self.broker_url = postgres_url, broker_url
        self._admin = create_engine(f"{postgres_url}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._demand_commit_timestamps()

    def _demand_commit_timestamps(self) -> None:
        with self._admin.connect() as connection:
            if connection.scalar(text("SHOW track_commit_timestamp")) != "on":
                raise servers.NotToBeHad("PostgreSQL must run with track_commit_timestamp=on")

    def new_database(self, template: str = "template1") -> str:
        """A copy; the template's name is the last part of its URL."""
        name = f"bench_{uuid4().hex[:12]}"
        with self._admin.connect() as connection:
            source = template.rpartition("/")[2]
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy"))
        return f"{self.postgres_url}/{name}"

    def new_service_database(self, service: str) -> str:
        """Migrated, with the tables of messaging and of this service."""
        url = self.new_database()
        with opened(url) as engine:
            upgrade(engine, service)
        return url

    def drop(self, *urls: str) -> None:
        with self._admin.connect() as connection:
            for url in urls:
                connection.execute(text(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)"))


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def arena() -> Iterator[Arena]:
    """Raises `NotToBeHad`, saying how to get what is missing."""
    with _durable_postgres() as postgres_url, servers.rabbitmq() as broker_url:
        yield Arena(postgres_url, broker_url)


@contextmanager
def _durable_postgres() -> Iterator[str]:
    """Not the one of the tests, which is told to forget what a crash would take."""
    if given := os.environ.get(GIVEN_POSTGRES):
        yield given
        return
    if not servers.engine_answers():
        raise servers.NotToBeHad(f"PostgreSQL: set {GIVEN_POSTGRES} or start a Docker engine")
    with _container() as container:
        host, port = "127.0.0.1", container.get_exposed_port(5432)
        yield f"postgresql+psycopg://postgres:halqa@{host}:{port}"


def _container():
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.postgres import PostgresContainer

    container = PostgresContainer(servers.POSTGRES_IMAGE, username="postgres", password="halqa", shm_size="1g")
    container.ports["5432/tcp"] = ("127.0.0.1", None)  # any free port, and this machine only
    return container.with_command(f"postgres {' '.join(f'-c {setting}' for setting in DURABLE)}")
