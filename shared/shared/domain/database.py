"""One database per service, PostgreSQL or SQLite: engines, sessions, column types, names of constraints."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import uuid_utils.compat
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Engine,
    Enum,
    Executable,
    MetaData,
    Table,
    any_,
    create_engine,
    event,
    literal,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from .copying import copy_many_rows

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PING_AFTER = 1  # second

SQLITE_PRAGMAS = ("journal_mode=WAL", "busy_timeout=5000", "foreign_keys=ON", "synchronous=NORMAL")


def new_id() -> UUID:
    """A UUIDv7: ordered by time. Where order would tell something (ballots, receipts), use `uuid4`."""
    return uuid_utils.compat.uuid7()


def new_metadata() -> MetaData:
    return MetaData(naming_convention=NAMES)


class MessagingBase(DeclarativeBase):
    """The tables that every service has beside its own: outbox, inbox, checkpoints, leases, answers kept."""

    metadata = new_metadata()


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a time without a zone, which could mean any of many moments."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


def word_of(words: type[StrEnum]) -> Enum:
    """A column that holds one of these words as text, so that a new word needs no migration."""
    return Enum(words, native_enum=False, create_constraint=False, length=40, values_callable=list)


def connect(url: str) -> Engine:
    """An engine whose transactions behave alike on both databases; nothing is opened yet.

    Its errors do not repeat what was being written, since they are logged: a ballot, say, or an address.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _connect_sqlite(url)
    engine = create_engine(url, pool_size=10, connect_args={"connect_timeout": 5}, hide_parameters=True)
    copy_many_rows(engine)
    event.listen(engine, "checkin", _remember_use)
    event.listen(engine, "checkout", _ping_after_rest)
    return engine


def _remember_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ping_after_rest(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """One that has rested may have died meanwhile: the pool then takes another. To ping each time would cost more."""
    if connection is not None and time.monotonic() - record.info.get("used_at", time.monotonic()) > PING_AFTER:
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.Error as error:
            raise DisconnectionError(str(error)) from error


def _connect_sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin too late
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that turns to writing fails at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout.
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class Sessions:
    """Where transactions begin and end. Nobody else commits. Every session knows `info` (its policy, its settings)."""

    def __init__(self, engine: Engine, **info: Any) -> None:
        self.engine = engine
        self.writing = sessionmaker(engine, info=info)
        self.reading = sessionmaker(engine.execution_options(**_for_reading(engine)), info={**info, "reads": True})
        self.single = sessionmaker(engine.execution_options(**_for_one_statement(engine)))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Committed at the end, rolled back on any exception."""
        with self.writing() as session, session.begin():
            yield session

    @contextmanager
    def statement(self) -> Iterator[Session]:
        """For one statement that is a transaction by itself: on PostgreSQL it saves two round trips."""
        with self.single() as session, session.begin():
            yield session

    @contextmanager
    def reader(self) -> Iterator[Session]:
        """For questions only. On SQLite it does not wait for writers; on PostgreSQL each question stands for itself."""
        with self.reading() as session:  # nothing to commit
            yield session


def _for_reading(engine: Engine) -> dict[str, Any]:
    # At PostgreSQL's level of isolation, a transaction shows each statement what is committed by then, as none does.
    return {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {"read_only": True}


def _for_one_statement(engine: Engine) -> dict[str, Any]:
    return {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def among(session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Is the column one of these? On PostgreSQL one array, since a list of its own length would be prepared anew."""
    if is_postgresql(session):
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def insert_into(session: Session, table: type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, which both databases write alike."""
    return (postgresql.insert if is_postgresql(session) else sqlite.insert)(table)


def table_of(kind: type[DeclarativeBase]) -> Table:
    """Where rows of this class lie."""
    if not isinstance(kind.__table__, Table):
        raise TypeError(f"{kind.__name__} has no table of its own")
    return kind.__table__


def rows_changed(session: Session, change: Executable, **options: Any) -> int:
    """How many rows a statement has inserted, changed or deleted."""
    result = session.execute(change, execution_options=options)
    if not isinstance(result, CursorResult):
        raise TypeError(f"{type(change).__name__} changes nothing")
    return result.rowcount


PASSING_SQLSTATES = ("08", "40", "53", "55P03", "57")  # connection, conflict, resources, lock, intervention
PASSING_SQLITE_CODES = (5, 6, 10, 13, 14)  # busy, locked, input or output, full, cannot open


def is_passing(error: BaseException) -> bool:
    """Is this the database being away, busy or in a conflict, so that the same thing may succeed later?"""
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnectionFree)
    state = getattr(error.orig, "sqlstate", None) or ""
    away = isinstance(error, OperationalError) and hasattr(error.orig, "sqlstate") and not state
    in_sqlite = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in PASSING_SQLITE_CODES
    return error.connection_invalidated or state.startswith(PASSING_SQLSTATES) or away or in_sqlite


def is_conflict(error: BaseException) -> bool:
    """Were two transactions in each other's way, so that the same thing may succeed at once?"""
    return isinstance(error, DBAPIError) and (getattr(error.orig, "sqlstate", None) or "").startswith("40")
