"""Migrations from code: the tables of messaging first, then the service's own; no ini file, no command to remember."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

LOCK = 4820201  # any number, as long as nobody else takes it


def upgrade(engine: Engine, service: str) -> None:
    """Bring a database to the newest version. Two at once: the second waits, then finds nothing to do."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        for config in _configs(service):
            if not _is_newer(connection, config):
                config.attributes["connection"] = connection
                command.upgrade(config, "head")


def missing(engine: Engine, service: str) -> str | None:
    """What a database lacks for this release to run, in words; None when it is up to date."""
    with engine.connect() as connection:
        behind = [config for config in _configs(service) if _is_behind(connection, config)]
    return f"the database is not migrated: run `python -m {service} migrate`" if behind else None


def _configs(service: str) -> list[Config]:
    return [
        _config("shared.messaging", version_table="alembic_version_messaging"),
        _config(service, version_table="alembic_version"),
    ]


def _config(package: str, version_table: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(files(package) / "migrations" / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes["version_table"] = version_table
    return config


def _is_behind(connection: Connection, config: Config) -> bool:
    head = ScriptDirectory.from_config(config).get_current_head()
    return _stands_at(connection, config) != head and not _is_newer(connection, config)


def _is_newer(connection: Connection, config: Config) -> bool:
    """A newer release has migrated it; its migrations work beside our code, so that going back is possible."""
    stands_at = _stands_at(connection, config)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    return stands_at is not None and stands_at not in known


def _stands_at(connection: Connection, config: Config) -> str | None:
    table = config.attributes["version_table"]
    if not inspect(connection).has_table(table):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {table}"))
