"""The side: empty copies of some tables, where the past can be played again while the live ones go on.

PostgreSQL: the schema `rebuild` of the same database, found by `search_path`. SQLite: the file `<database>.rebuild`.
Either way it is a database like any other to those who write in it: whatever statement they use cannot miss it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import FromClause, MetaData, Table, event, make_url, text
from sqlalchemy.orm import Session

from shared.domain.database import Sessions, connect, is_postgresql
from shared.domain.entity import Entity

NAME = "rebuild"


class Acts(Exception):
    """What only keeps has recorded an event: it acts, and must not be played again."""


class Side:
    """Outlives the process that fills it, so that another can go on; empty again once dropped."""

    def __init__(self, database_url: str, tables: Sequence[Table]) -> None:
        self._url, self._tables = database_url, tables
        self._file = f"{make_url(database_url).database}.{NAME}" if database_url.startswith("sqlite") else None

    @contextmanager
    def open(self) -> Iterator[Sessions]:
        """Whatever is recorded in these sessions is refused: nothing here is ever told."""
        if not self._file:
            self._on_postgresql(f"CREATE SCHEMA IF NOT EXISTS {NAME}")
        with opened(self._address()) as sessions:
            event.listen(sessions.writing, "before_flush", _refuse_records)
            with sessions.engine.begin() as connection:
                for table in self._tables:
                    table.create(connection, checkfirst=True)
            yield sessions

    def _address(self) -> str:
        url = make_url(self._url)
        beside = url.set(database=self._file) if self._file else url.update_query_dict(SEARCHED)
        return beside.render_as_string(hide_password=False)

    def show_to(self, session: Session) -> None:
        """From now on, one who works on the live tables can read those at the side, see `copy_of`."""
        if self._file:
            session.execute(text(f"ATTACH :file AS {NAME}"), {"file": self._file})

    def drop(self) -> None:
        if self._file:
            for file in (self._file, f"{self._file}-wal", f"{self._file}-shm"):
                Path(file).unlink(missing_ok=True)
        else:
            self._on_postgresql(f"DROP SCHEMA IF EXISTS {NAME} CASCADE")

    def _on_postgresql(self, statement: str) -> None:
        with opened(self._url) as sessions, sessions.transaction() as session:
            session.execute(text(statement))


SEARCHED = {"options": f"-csearch_path={NAME}"}


def copy_of(table: Table) -> FromClause:
    """The table of that name at the side, for statements that speak of both."""
    return table.to_metadata(MetaData(), schema=NAME).alias("told")


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    sessions = Sessions(connect(url))
    try:
        yield sessions
    finally:
        sessions.engine.dispose()


def hold_inbox(session: Session, seconds: int) -> None:
    """Nothing is taken in or tried again until this transaction ends; raises if it cannot be had in so many seconds.

    Even looking into the inbox waits, so that nobody waits here who already holds what we are about to change.
    On SQLite, to write is to be alone.
    """
    session.connection()  # or SQLite would begin, and be alone, only with the first statement
    if is_postgresql(session):
        session.execute(text(f"SET LOCAL lock_timeout = '{seconds}s'"))
        session.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))


def _refuse_records(session: Session, *_: object) -> None:
    for thing in (*session.new, *session.dirty):
        if isinstance(thing, Entity) and thing.records:
            raise Acts(f"{type(thing.recorded[0]).__name__} was recorded: mark the handler `on`, not `keeps`")
