"""Every service's migrations, on both databases, build exactly what its models say."""

from importlib.metadata import entry_points

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from shared.domain.database import MessagingBase, connect
from shared.running.migrations import missing, upgrade

SERVICES = sorted(entry.name for entry in entry_points(group="halqa.services"))


@pytest.mark.parametrize("name", SERVICES)
def test_migrations_build_what_the_models_say(name, databases):
    (entry,) = entry_points(group="halqa.services", name=name)
    engine = connect(databases.new(name))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_no_bookkeeping})
        differences = compare_metadata(context, [entry.load().tables, MessagingBase.metadata])
    engine.dispose()
    assert differences == []


def _is_no_bookkeeping(name, type_, _parents):
    return not (type_ == "table" and name.startswith("alembic_version"))


@pytest.mark.parametrize("name", SERVICES)
def test_migrating_twice_changes_nothing(name, databases):
    engine = connect(databases.new(name))
    upgrade(engine, name)
    assert missing(engine, name) is None
    engine.dispose()


def test_an_empty_database_is_named_as_such(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/empty.db")
    assert "python -m membership migrate" in missing(engine, "membership")
    engine.dispose()


def test_a_database_of_a_newer_release_is_left_as_it_is(databases):
    engine = connect(databases.new("membership"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    upgrade(engine, "membership")
    assert missing(engine, "membership") is None
    engine.dispose()


def test_a_database_that_has_fallen_behind_is_named_as_such(databases):
    engine = connect(databases.new("membership"))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert "python -m membership migrate" in missing(engine, "membership")
    engine.dispose()
