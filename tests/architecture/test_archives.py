"""Whatever names a person is in the archive that they are owed: a new column that is not fails here."""

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Column, Enum, LargeBinary, MetaData, Table, Uuid, create_engine, insert, text
from sqlalchemy.orm import Session

from architecture.rules import SERVICES
from shared.domain.database import MessagingBase, Moment

# Ids of things. Whatever other UUID a column holds may be a person's.
THINGS = {"id", "academy_id", "archive_id", "community_id", "delegation_id", "election_id", "event_id", "meeting_id"}
# Companions are people of other offices: no principals, of whom archives are made.
THINGS |= {"companion_id", "officer_id"}
# Units and what was decided about them.
THINGS |= {
    "unit_id",
    "parent_id",
    "scope_id",
    "operation_id",
    "school_id",
    "zone_id",
    "around_id",
    "plan_id",
    "round_id",
    "heir_id",
    "invited_to_id",
}
# What somebody took part in, and how far their circles have been looked at.
THINGS |= {"thing_id", "membership_id", "practice_id"}

# Files on their way in: lists of all, gone within a week; and the unit of whoever handed them in.
THINGS |= {"import_id", "asked_for"}

# JSON that holds people, each under these names; and JSON that holds none.
NAMED_IN_JSON = {("meetings", "meeting", "agenda"): "led_by", ("meetings", "minutes", "actions"): "by"}
NOBODY_IN_JSON = {"minutes.decisions", "practice.tags", "ballot_box.ballots", "operation.changes"}
NOBODY_IN_JSON |= {"operation.hindrance"}  # a code, and units and days
NOBODY_IN_JSON |= {"import.columns", "import.reading", "import.found", "import.refusal", "import_fault.facts"}
NOBODY_IN_JSON |= {"import.first_faults", "column_mapping.columns", "column_mapping.reading"}
NOBODY_IN_JSON |= {"plan.parameters", "plan.figures", "plan.shortfalls"}

# What every service has beside its own tables holds ids and what is told elsewhere, for a while.
MACHINERY = {
    "archive_gathering.principal_id": "says that an archive was gathered",
    "audit_person.person_id": "the trail of who read what: for those who watch over it",
    "erased.person_id": "outlives its person, of whom nothing else is left",
    "mention.about_id": "leads from a person to events, which tell what the tables hold",
    "revoked_link.person_id": "says until when links are void",
}

PERSON, STRANGER = uuid4(), uuid4()


def tables(service: str) -> MetaData:
    return importlib.import_module(f"{service}.app").service.tables


def uuids(metadata: MetaData) -> Iterator[Column]:
    return (column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Uuid))


def people(metadata: MetaData) -> list[Column]:
    """The columns that hold a person's id: all that hold no thing's; and the id of the person's own table."""
    return [column for column in uuids(metadata) if column.name not in THINGS or str(column) == "principal.id"]


def all_people() -> list[tuple[str, str, str]]:
    return [(service, column.table.name, column.name) for service in SERVICES for column in people(tables(service))]


def about_person(service: str, rows: dict[str, dict[str, Any]]) -> list[Any]:
    """What is told of PERSON where each table holds one row: whatever each needs, or as `rows` says."""
    engine = create_engine("sqlite://")  # asks about no foreign keys
    tables(service).create_all(engine)
    with Session(engine) as session:
        session.execute(text("PRAGMA ignore_check_constraints = ON"))  # any value will do
        for table in tables(service).sorted_tables:
            session.execute(insert(table).values(row_of(table) | rows.get(table.name, {})))
        return list(importlib.import_module(f"{service}.privacy.queries").everything_about(session, PERSON))


ids: dict[str, UUID] = {}


def row_of(table: Table) -> dict[str, Any]:
    return {column.name: value_of(column) for column in table.columns}


def value_of(column: Column) -> Any:
    """Ids of things agree wherever they stand; ids of people are those of a stranger."""
    if column in people(column.table.metadata):
        return STRANGER
    if isinstance(column.type, Uuid):
        return ids.setdefault(column.table.name if column.name == "id" else column.name.removesuffix("_id"), uuid4())
    if isinstance(column.type, LargeBinary):
        return b""
    if isinstance(column.type, JSON):
        return []
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class))
    if isinstance(column.type, Moment):
        return datetime.now(UTC)
    return {str: "text", int: 1, bool: False, float: 1.5, bytes: b"", date: date(2026, 3, 2)}[column.type.python_type]


@pytest.mark.parametrize(("service", "table", "column"), all_people())
def test_every_column_that_names_a_person_is_in_their_archive(service, table, column):
    assert about_person(service, {}) == []
    assert about_person(service, {table: {column: PERSON}}) != []


@pytest.mark.parametrize(("service", "table", "column"), NAMED_IN_JSON)
def test_so_is_what_names_them_within_json(service, table, column):
    a_member = {"member": {"principal_id": PERSON}}
    name = NAMED_IN_JSON[service, table, column]
    named = about_person(service, a_member | {table: {column: [{name: str(PERSON), "what": "To do"}]}})
    others = about_person(service, a_member | {table: {column: [{name: str(STRANGER), "what": "To do"}]}})
    assert len(named) == len(others) + 1


def test_json_that_may_name_somebody_is_known():
    columns = [
        (service, column)
        for service in SERVICES
        for table in tables(service).sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON) and (service, table.name, column.name) not in NAMED_IN_JSON
    ]
    assert {str(column) for _service, column in columns} == NOBODY_IN_JSON


def test_what_the_machinery_holds_of_people_is_known():
    assert {str(column) for column in people(MessagingBase.metadata)} - MACHINERY_THINGS == set(MACHINERY)


# Ids of the machinery's own things.
MACHINERY_THINGS = {"inbox.message_id", "unit.parent_id", "log.epoch", "dead_letter_verdict.letter_id"}
MACHINERY_THINGS |= {"audit_entry.actor_unit_id", "audit_person.entry_id", "audit_reason.entry_id"}


def test_there_are_people_in_every_service():
    assert {service for service, _table, _column in all_people()} == set(SERVICES)
    assert len(all_people()) > 15
