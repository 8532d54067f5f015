"""What is there when posts and stays begin to be kept has been so since somebody said so."""

from uuid import uuid4

from alembic import command
from sqlalchemy import create_engine, text

from shared.running.migrations import _configs

DAY, MOMENT = "2019-09-01", "2026-01-05 10:00:00.000000"


def rows(**columns) -> str:
    return f"({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"


def enter(connection, table: str, **columns) -> str:
    entry = {"id": uuid4().hex, "version": 1, "last_sequence": 0, **columns}
    connection.execute(text(f"INSERT INTO {table} {rows(**entry)}"), entry)
    return entry["id"]


def enter_all(connection) -> dict[str, str]:
    names = {"name_fr": "A", "name_ar": "A"}
    delegation = enter(connection, "delegation", code="TAO", **names)
    here = {"delegation_id": delegation, **names, "cycle": "primary"}
    school = enter(connection, "school", code="A", main_code="A", **here)
    person = {**here, "gender": "female", "email": "", "language": "ar", "appointed_on": DAY}
    head = enter(connection, "principal", ppr="1", school_code="A", **person)
    erased = enter(connection, "principal", ppr="2", school_code="", erased_at=MOMENT, **person)
    rules = {"state": "forming", "quorum_percent": 50, "mandate_months": 12, "is_home": True}
    community = enter(connection, "community", delegation_id=delegation, **names, **rules)
    belongs = {"community_id": community, "is_home": True, "answer_by": MOMENT, "answered_at": MOMENT}
    enter(connection, "membership", principal_id=head, state="member", **belongs)
    enter(connection, "membership", principal_id=erased, state="left", left_at=MOMENT, **belongs)
    return {"school": school, "head": head, "erased": erased}


def test_the_present_is_the_first_page_of_the_history(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    with engine.begin() as connection:
        for config, until in zip(_configs("membership"), ("head", "0005"), strict=True):
            config.attributes["connection"] = connection
            command.upgrade(config, until)
        ids = enter_all(connection)
        command.upgrade(config, "0007")
        postings = connection.execute(text("SELECT principal_id, school_id, absence, starts_on, ends_on FROM posting"))
        stays = connection.execute(text("SELECT principal_id, leaving FROM stay"))
        assert {tuple(row) for row in postings} == {
            (ids["head"], ids["school"], None, DAY, None),
            (ids["erased"], None, "erased", DAY, None),
        }
        assert {tuple(row) for row in stays} == {(ids["head"], None), (ids["erased"], "erased")}
    engine.dispose()
