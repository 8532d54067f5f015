"""A fresh, migrated database for each test: a copy of one that was migrated once."""

import shutil
from pathlib import Path
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, text

from shared.domain.database import connect
from shared.running.migrations import upgrade

from .run_folder import in_memory

ROOM = 2 * 1024**3  # bytes


def fastest_place() -> Path | None:
    """For files that each live as long as a test: in memory where there is room, or else wherever temporary files go,
    which waits for the disk at each commit."""
    place = in_memory()
    return place if place and shutil.disk_usage(place).free > ROOM else None


class SqliteDatabases:
    """Copies of a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self, service: str) -> str:
        template = self._folder / f"{service}.template.db"
        if not template.exists():
            _migrate(f"sqlite:///{template}", service)
        copy = self._folder / f"{service}-{uuid4().hex}.db"
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def blank(self) -> str:
        """Nothing was migrated there yet."""
        return f"sqlite:///{self._folder}/blank-{uuid4().hex}.db"

    def copy(self, url: str) -> str:
        """A backup, as a file copied while nobody writes; nobody may be connected."""
        copy = self._folder / f"copy-{uuid4().hex}.db"
        shutil.copy(url.removeprefix("sqlite:///"), copy)
        return f"sqlite:///{copy}"

    def drop_all(self) -> None:
        for file in self._folder.glob("*"):
            if ".template.db" not in file.name:
                file.unlink()

    def put_back(self, url: str, backup: str) -> None:
        """Under its old address; nobody may be connected."""
        path = Path(url.removeprefix("sqlite:///"))
        for left in path.parent.glob(f"{path.name}-*"):  # the write-ahead log, where a crash left one
            left.unlink()
        shutil.copy(backup.removeprefix("sqlite:///"), path)


class PostgresDatabases:
    """Databases made from a template. The server holds them in memory, so what a test has made goes with it."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._admin = create_engine(f"{server_url}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._templates: dict[str, str] = {}
        self._made: list[str] = []

    def new(self, service: str) -> str:
        if service not in self._templates:
            name = self._templates[service] = f"{service}_template_{uuid4().hex[:12]}"
            self._create(name, template="template1")
            _migrate(f"{self._server_url}/{name}", service)
        return self._create(f"{service}_{uuid4().hex}", self._templates[service])

    def blank(self) -> str:
        """Nothing was migrated there yet."""
        return self._create(f"blank_{uuid4().hex}", template="template1")

    def copy(self, url: str) -> str:
        """A backup, restored beside what it was taken of; nobody may be connected."""
        return self._create(f"copy_{uuid4().hex}", template=url.rpartition("/")[2])

    def put_back(self, url: str, backup: str) -> None:
        """Under its old address; nobody may be connected."""
        name = url.rpartition("/")[2]
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        self._create(name, template=backup.rpartition("/")[2])

    def _create(self, name: str, template: str) -> str:
        with self._admin.connect() as connection:
            # Copying files is five times as fast as the default, which writes each page to the log first.
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
        self._made.append(name)
        return f"{self._server_url}/{name}"

    def drop_all(self) -> None:
        """But the templates."""
        with self._admin.connect() as connection:
            for name in set(self._made) - set(self._templates.values()):
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        self._made.clear()


def _migrate(url: str, service: str) -> None:
    engine = connect(url)
    upgrade(engine, service)
    engine.dispose()
