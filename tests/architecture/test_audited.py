"""Every route whose answer holds personal data, and every route that changes some, writes an entry of the audit."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

import pytest
from marshmallow import Schema, fields

from shared.testing.harness import Driven

SERVICES = sorted(entry.name for entry in entry_points(group="halqa.services"))

# What a field of this name says is of a person, unless its schema stands in `OF_THINGS`.
PERSONAL = {"name_fr", "name_ar", "author_name_fr", "author_name_ar", "email", "phone", "ppr", "gender", "appointed_on"}
PERSONAL |= {"statement", "to_address", "to_name", "payload", "error", "principal_id"}

# Names of Delegations, schools and communities, and who may accompany which: offices, no private persons.
OF_THINGS = {"AcademySchema", "CommunitySchema", "DelegationSchema", "NeighbourSchema", "SchoolSchema",
             "UnitSchema", "UnitChangeSchema", "ZoneSchema"}  # fmt: skip

# Changes of things, and acts that must leave no trace beside themselves.
CHANGES_NO_PERSON = {
    "register_delegation", "put_delegation", "put_academy", "import_schools", "put_school", "put_schools",
    "plan_community", "put_theme",
    "ask_planning_round", "put_distances", "delete_distances",
    "plan_meeting", "schedule_meeting", "reschedule_meeting", "cancel_meeting",
    "give_companion", "withdraw_companion",
    "adopt_rules", "found_community",
    "put_level", "put_zone",
    "put_mapping", "delete_mapping", "cancel_import",
    "list_unknown", "replay_dead_letters",
}  # fmt: skip
LEAVES_NO_TRACE = {"vote"}  # secret: a moment beside a name could be laid beside others
WRITES_BY_ITSELF = {"follow_link"}  # in the name of the person whom the link stands for
NAMES_NOBODY_KNOWS_WHOM = {"list_dead_letters", "get_dead_letter", "replay_dead_letter", "discard_dead_letter"}
NAMES_NOBODY_KNOWS_WHOM |= {"start_import", "preview_import", "list_import_faults", "download_import_report"}  # a file
SERVES_ITSELF = {"read_events"}  # services read each other's logs all the time; people never do


def views(name: str, database_url: str) -> Iterator[tuple[str, str, Any]]:
    """Each route's methods, verb and view."""
    (entry,) = entry_points(group="halqa.services", name=name)
    more = {"mail_url": "spool:///tmp/none"} if name == "notifications" else {}
    app = Driven(entry.load(), database_url, **more).app
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith("/v1/") and not getattr(view, "is_public", False):
            yield rule.methods - {"HEAD", "OPTIONS"}, rule.endpoint.rpartition(".")[2], view


def is_audited(view: Any) -> bool:
    return hasattr(view, "audited_persons")


def answers_of(view: Any) -> Iterator[Schema]:
    told = getattr(view, "_apidoc", {}).get("response", {}).get("responses", {})
    for answers in told.values():
        for answer in answers:
            schema = answer.get("schema")
            if isinstance(schema, Schema) or (isinstance(schema, type) and issubclass(schema, Schema)):
                yield schema if isinstance(schema, Schema) else schema()


def personal_fields(schema: Schema) -> set[str]:
    if type(schema).__name__ in OF_THINGS:
        return set()
    inner = [field.inner if isinstance(field, fields.List) else field for field in schema.fields.values()]
    nested = [personal_fields(field.schema) for field in inner if isinstance(field, fields.Nested)]
    return (set(schema.fields) & PERSONAL).union(*nested)


def unaudited(methods: set[str], verb: str, view: Any) -> str | None:
    """Why this route ought to write an entry and does not, in words."""
    if is_audited(view) or verb in LEAVES_NO_TRACE | SERVES_ITSELF | WRITES_BY_ITSELF:
        return None
    personal = set().union(*map(personal_fields, answers_of(view)))
    if personal:
        return f"{verb} answers with {', '.join(sorted(personal))}"
    return f"{verb} changes something" if methods - {"GET"} and verb not in CHANGES_NO_PERSON else None


@pytest.mark.parametrize("name", SERVICES)
def test_every_route_about_personal_data_is_audited(name, sqlite_databases):
    found = [unaudited(*route) for route in views(name, sqlite_databases.new(name))]
    assert [fault for fault in found if fault] == []


def test_who_is_audited_names_the_persons_by_a_path(sqlite_databases):
    for name in SERVICES:
        for _, verb, view in views(name, sqlite_databases.new(name)):
            assert not is_audited(view) or view.audited_persons or verb in NAMES_NOBODY_KNOWS_WHOM


class _Peer(Schema):
    email = fields.String()


class _Peers(Schema):
    items = fields.List(fields.Nested(_Peer))


@pytest.mark.parametrize(
    ("methods", "schema", "fault"),
    [
        ({"GET"}, _Peers, "shout answers with email"),
        ({"POST"}, None, "shout changes something"),
        ({"GET"}, None, None),
    ],
)
def test_a_route_that_forgets_is_seen(methods, schema, fault):
    def shout() -> None:
        pass

    shout._apidoc = {"response": {"responses": {200: [{"schema": schema}]}}}
    assert unaudited(methods, "shout", shout) == fault


def test_the_answers_of_real_routes_are_looked_at(sqlite_databases):
    seen = {verb: view for _, verb, view in views("meetings", sqlite_databases.new("meetings"))}
    (page,) = answers_of(seen["list_answers"])
    assert personal_fields(page) == {"name_fr", "name_ar", "principal_id"}
