"""Statements of tests, compiled once for all databases of a run: SQLAlchemy does it once for each engine.

Each test has a database and an engine of its own, so that all it asks would be turned into SQL anew: a tenth of a run.
Only what speaks the same dialect with the same options shares; connections and transactions are each engine's own.
"""

from typing import Any, cast

from sqlalchemy import Engine, create_engine, make_url

from shared.domain import database

ENOUGH = 5000  # statements of all services

_firsts: dict[tuple[str, str], Engine] = {}


def compile_statements_once() -> None:
    setattr(database, "create_engine", _create_engine)  # noqa: B010 - in place of the one that it imports


def _create_engine(url: str, **options: Any) -> Engine:
    engine = create_engine(url, **options)
    first = _firsts.setdefault((make_url(url).drivername, repr(sorted(options.items()))), engine)
    if first is engine:
        cast(Any, engine)._compiled_cache.capacity = ENOUGH
    elif getattr(first.dialect, "server_version_info", None):  # it has learned of its server by its first connection
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine
