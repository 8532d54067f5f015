"""Many rows by COPY: PostgreSQL takes them in several times as fast as by an INSERT for each.

Whoever inserts, an entity's flush or a list of rows, knows nothing of it; on SQLite an INSERT costs no round trip.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine, event

AT_LEAST = 50  # rows; fewer are sent by fewer round trips otherwise

# With ON CONFLICT, RETURNING or an expression among the values it is more than COPY can do.
_BIND = r"%\((\w+)\)s(?:::[\w ]+(?:\(\d+\))?)?"
_PLAIN = re.compile(rf"INSERT INTO ([\w\"]+) \(([^()]+)\) VALUES \(({_BIND}(?:, {_BIND})*)\)")


class _Copy(NamedTuple):
    """The same as an INSERT of one row, for many; `names` are those of the values, in the order of the columns."""

    statement: str
    names: Sequence[str]


def copy_many_rows(engine: Engine) -> None:
    """From now on, of an engine of PostgreSQL's. What the database refuses raises the same errors as an INSERT."""
    event.listen(engine, "do_executemany", _by_copy)


def _by_copy(
    cursor: psycopg.Cursor, statement: str, rows: Sequence[Mapping[str, Any]], _context: object
) -> bool | None:
    """True: it is done."""
    copy = _copy_of(statement) if len(rows) >= AT_LEAST else None
    if copy is None:
        return None
    try:
        _write(cursor, copy, rows)
    except psycopg.DataError as error:  # of which COPY repeats the whole row, and errors are logged
        raise type(error)(error.diag.message_primary or str(error)) from None
    return True


def _write(cursor: psycopg.Cursor, copy: _Copy, rows: Sequence[Mapping[str, Any]]) -> None:
    with cursor.copy(copy.statement) as writing:
        for row in rows:
            writing.write_row([row[name] for name in copy.names])


@lru_cache
def _copy_of(statement: str) -> _Copy | None:
    found = _PLAIN.fullmatch(statement)
    return found and _Copy(f"COPY {found[1]} ({found[2]}) FROM STDIN", re.findall(_BIND, found[3]))
