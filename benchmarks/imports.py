"""How long an import takes, beside PostgreSQL's own COPY of the very rows that it wrote, into the very same tables."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
from sqlalchemy import Table, func, select

from membership.ground.model import Base
from shared.domain.database import MessagingBase

from .arena import Arena, opened
from .figures import Figure, Goal, Series
from .wish import Wish

ROWS = {"full": 100_000, "small": 2_000}
TABLES = [*MessagingBase.metadata.sorted_tables, *Base.metadata.sorted_tables]
FOR_GOOD = {"job", "log", "audit_chain"}  # rows that migrations enter, or that tell how far the job is

Copied = list[tuple[str, list[bytes]]]


def measure(place: Arena, wish: Wish) -> list[Figure]:
    rows = ROWS[wish.scale]
    took, copied, peaks = [], [], []
    for run in range(1, wish.runs + 1):
        ours, baseline = place.new_service_database("membership"), place.new_service_database("membership")
        told = _imported(ours, rows)
        took.append(told["seconds"])
        peaks.append(told["peak_mb"])
        copied.append(_copy_into(baseline, _copied_out(ours)))
        place.drop(ours, baseline)
        wish.say(f"import {run}: {took[-1]:.1f} s, COPY {copied[-1]:.1f} s, peak {peaks[-1]:.0f} MB")
    name = f"import of {rows:,} schools and principals"
    return [
        Figure(name, "s", Series(tuple(took)), Series(tuple(copied)), "COPY of the same rows", Goal(most=6)),
        Figure("the same, peak memory", "MB", Series(tuple(peaks)), goal=Goal(most=300)),
    ]


def _imported(url: str, rows: int) -> dict[str, float]:
    """In a process of its own, whose peak of memory is that of the import."""
    command = [sys.executable, "-m", "benchmarks.importing", url, str(rows)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _copied_out(url: str) -> Copied:
    """What every table holds, as COPY writes it, in an order that foreign keys allow."""
    filled = _what_is_filled(url)
    with psycopg.connect(_plain(url)) as connection, connection.cursor() as cursor:
        return [(name, _out(cursor, name)) for name in filled]


def _what_is_filled(url: str) -> list[str]:
    with opened(url) as engine, engine.connect() as connection:
        return list(_filled(connection))


def _filled(connection) -> Iterator[str]:
    for table in (table for table in TABLES if table.name not in FOR_GOOD):
        if connection.scalar(select(func.count()).select_from(table)):
            yield _name(table)


def _name(table: Table) -> str:
    return f'"{table.name}"'


def _out(cursor: psycopg.Cursor, name: str) -> list[bytes]:
    with cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as copy:
        return [bytes(piece) for piece in copy]


def _copy_into(url: str, tables: Copied) -> float:
    """Seconds for all of it, in one transaction, as the import's; into tables with all their indexes."""
    with psycopg.connect(_plain(url)) as connection, connection.cursor() as cursor:
        for name in reversed(_what_is_filled(url)):
            cursor.execute(f"DELETE FROM {name}")
        connection.commit()
        began = time.perf_counter()
        for name, pieces in tables:
            with cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                for piece in pieces:
                    copy.write(piece)
        connection.commit()
        return time.perf_counter() - began


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
