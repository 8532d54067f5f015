"""All that a database holds, as text: every column of every row of every table, whoever made the table."""

import json
from typing import Any

from sqlalchemy import MetaData, create_engine, select
from sqlalchemy.pool import NullPool


def everything_in(url: str) -> list[str]:
    """A line per row, with the table's name; JSON and bytes in plain letters."""
    engine = create_engine(url, poolclass=NullPool)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        found = [_line(table.name, row) for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    return found


def traits_in(url: str, traits: list[str]) -> list[str]:
    """The rows that hold one of these, whatever the case of its letters."""
    sought = [trait.casefold() for trait in traits]
    return [line for line in everything_in(url) if any(trait in line.casefold() for trait in sought)]


def _line(table: str, row: Any) -> str:
    return f"{table}: " + " | ".join(_plain(value) for value in row)


def _plain(value: Any) -> str:
    """Also without the line breaks of a calendar, which may stand within a name."""
    text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value
    if isinstance(text, str):
        try:
            text = json.loads(text)
        except ValueError:
            return text.replace("\r\n ", "").replace("\n ", "")
    return json.dumps(text, ensure_ascii=False, default=str)
