"""What stood in the database of an earlier release has its place in the history afterwards."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Date, DateTime, Engine, Integer, MetaData, insert, select
from sqlalchemy.orm import Session

from membership.joining.model.stay import Stay
from membership.organisation.model.organisation import MINISTRY_ID, School
from membership.organisation.model.standing import EVER, Standing
from membership.people.model.people import Principal
from membership.people.model.posting import Posting
from shared.domain.database import connect
from shared.running import migrations

pytestmark = pytest.mark.both_databases

BEFORE_HISTORY = "0005"
SAID_YES, LEFT = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)
APPOINTED, ERASED = date(2019, 9, 1), date(2011, 1, 1)


class Earlier:
    """Rows as the earlier release wrote them: whatever a test does not say is filled in."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.tables = engine, MetaData()
        self.tables.reflect(engine)

    def has(self, table: str, **values: Any) -> UUID:
        id = uuid4()
        row = {
            column.name: _anything(column.type) for column in self.tables.tables[table].columns if not column.nullable
        }
        row |= {name: self._stored(value) for name, value in {"id": id, **values}.items()}
        with self.engine.begin() as connection:
            connection.execute(insert(self.tables.tables[table]), [row])
        return id

    def _stored(self, value: Any) -> Any:
        return value.hex if isinstance(value, UUID) and self.engine.dialect.name == "sqlite" else value


def _anything(kind: Any) -> Any:
    for of, value in ((Integer, 1), (DateTime, SAID_YES), (Date, APPOINTED)):
        if isinstance(kind, of):
            return value
    return uuid4().hex[:20]


@pytest.fixture
def engine(databases) -> Iterator[Engine]:
    engine = connect(databases.blank())
    with engine.begin() as connection:
        for config, revision in zip(migrations._configs("membership"), ("head", BEFORE_HISTORY), strict=True):
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    yield engine
    engine.dispose()


def test_what_is_there_already_has_stood_so_ever_since(engine):
    earlier = Earlier(engine)
    academy = earlier.has("academy", code="FM")
    near = earlier.has("delegation", code="TAO", academy_id=academy)
    earlier.has("delegation", code="SOL")
    placed = {"delegation_id": near, "cycle": "primary"}
    for code, main in {"S0": "S0", "S0A": "S0", "S1": "S1", "S9A": "S9"}.items():
        earlier.has("school", code=code, main_code=main, **placed)
    here, gone, erased = (
        earlier.has("principal", **placed, gender="female", language="ar", **entry)
        for entry in (
            {"school_code": "S0", "appointed_on": APPOINTED},
            {"school_code": "S1", "appointed_on": APPOINTED},
            {"school_code": "", "appointed_on": ERASED, "erased_at": LEFT},
        )
    )
    home, other = (earlier.has("community", delegation_id=near, state="forming", is_home=True) for _ in "ab")
    states = {
        here: {"state": "member"},
        gone: {"state": "left", "left_at": LEFT},
        erased: {"state": "left", "left_at": LEFT},
    }
    for person, state in states.items():
        pair = {"community_id": home, "principal_id": person}
        earlier.has("membership", **pair, is_home=True, answered_at=SAID_YES, **state)
    earlier.has("membership", community_id=other, principal_id=gone, is_home=True, state="invited")

    migrations.upgrade(engine, "membership")

    with Session(engine) as session:
        assert _standings(session) == {
            "MEN": None, "FM": "MEN", "TAO": "FM", "SOL": "MEN", "S0": "TAO", "S0A": "S0", "S1": "TAO", "S9A": "TAO"
        }  # fmt: skip
        codes = dict(session.execute(select(School.id, School.code)).all())
        posts = {each.principal_id: (codes.get(each.school_id) or each.absence, each.starts_on, each.ends_on)
                 for each in session.scalars(select(Posting))}  # fmt: skip
        assert posts == {here: ("S0", APPOINTED, None), gone: ("S1", APPOINTED, None), erased: ("erased", ERASED, None)}
        stays = {each.principal_id: (each.community_id, each.is_home, each.joined_at, each.left_at, each.leaving)
                 for each in session.scalars(select(Stay))}  # fmt: skip
        assert stays == {
            here: (home, True, SAID_YES, None, None),
            gone: (home, True, SAID_YES, LEFT, "left"),
            erased: (home, True, SAID_YES, LEFT, "erased"),
        }
        assert session.scalars(select(Principal.folded_fr).where(Principal.id == here)).one()  # as lists are sorted


def _standings(session: Session) -> dict[str, str | None]:
    """Below what each stands by its code: ever since, and until further notice."""
    rows = session.scalars(select(Standing)).all()
    assert {(row.starts_on, row.ends_on, row.operation_id) for row in rows} == {(EVER, None, None)}
    codes = {row.unit_id: row.code for row in rows}
    assert codes[MINISTRY_ID] == "MEN" and len(codes) == len(rows)
    return {row.code: row.parent_id and codes[row.parent_id] for row in rows}
