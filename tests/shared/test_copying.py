"""Many rows at once: on PostgreSQL they go by COPY, and nobody who reads them or is refused can tell."""

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import uuid4

import psycopg
import pytest
from bells import Bell, on_postgresql
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DataError, IntegrityError

from shared.domain.copying import AT_LEAST
from shared.domain.database import Moment, insert_into, word_of
from shared.messaging.outbox import OutboxRow


class Sound(StrEnum):
    DEEP = "deep"


ODD = Table(
    "odd",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("text", String(200)),
    Column("ratio", Float),
    Column("told", JSON),
    Column("at", Moment),
    Column("on", Date),
    Column("is_so", Boolean),
    Column("raw", LargeBinary),
    Column("sound", word_of(Sound)),
)
TEXTS = ["tab\there", "line\nthere\r\n", "back\\slash \\N \\.", "", "NULL", "الأُطُر", '"quoted", l\'École']


@pytest.fixture
def copied(monkeypatch) -> list[str]:
    """The COPY statements that are really sent."""
    sent, copy = [], psycopg.Cursor.copy
    monkeypatch.setattr(psycopg.Cursor, "copy", lambda *a, **more: sent.append(a[1]) or copy(*a, **more))
    return sent


def odd(number: int) -> dict:
    now, is_even = datetime(2026, 11, 21, 8, 0, 0, number, UTC), number % 2 == 0
    some = {"ratio": number / 3, "told": {"é": [number, None]}, "raw": bytes([number, 0, 92]), "sound": Sound.DEEP}
    rest = some if is_even else dict.fromkeys(some)
    return {"id": uuid4(), "text": TEXTS[number % 7], "at": now, "on": date(2026, 1, 1), "is_so": is_even, **rest}


def test_odd_values_arrive_as_they_were(sessions, copied):
    rows = [odd(number) for number in range(AT_LEAST)]
    ODD.create(sessions.engine)
    with sessions.transaction() as session:
        session.execute(insert(ODD), rows)
        session.execute(insert(ODD), [odd(number) for number in range(AT_LEAST - 1)])  # too few to be worth it
    with sessions.reader() as session:
        found = session.execute(select(ODD).where(ODD.c.id.in_([row["id"] for row in rows])).order_by(ODD.c.at)).all()
    assert [row._asdict() for row in found] == rows
    assert len(copied) == (1 if is_on_postgresql(sessions) else 0)


@on_postgresql
def test_what_cannot_be_kept_is_refused_without_repeating_the_row(sessions):
    ODD.create(sessions.engine)
    rows = [odd(number) for number in range(AT_LEAST)] + [odd(1) | {"text": "Rachida Meknassi" * 20}]
    with pytest.raises(DataError) as refused, sessions.transaction() as session:
        session.execute(insert(ODD), rows)
    assert refused.value.orig.sqlstate == "22001"
    assert "too long" in str(refused.value) and "Rachida" not in str(refused.value)


def test_entities_and_what_they_tell_go_with_one_flush_or_not_at_all(sessions, copied):
    bells = [Bell.hang() for _ in range(AT_LEAST)]
    with sessions.transaction() as session:
        for bell in bells:
            bell.ring()
        session.add_all(bells)
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(Bell.__table__), [row_of(bell) for bell in bells])
        again = insert_into(session, Bell).on_conflict_do_nothing()
        session.execute(again, [row_of(bell) for bell in bells])  # COPY knows no such thing
    with sessions.reader() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Bell, OutboxRow)]
    assert counts == [AT_LEAST, AT_LEAST]
    tables = [statement.split()[1] for statement in copied]
    assert tables == (["bell", "outbox", "bell"] if is_on_postgresql(sessions) else [])


def is_on_postgresql(sessions) -> bool:
    return sessions.engine.dialect.name == "postgresql"


def row_of(bell: Bell) -> dict:
    return {column.key: getattr(bell, column.key) for column in Bell.__table__.columns}
