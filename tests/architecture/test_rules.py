"""The house stands: every rule holds in every file, and every rule was seen to fail."""

import tomllib
from importlib import import_module

import pytest

from architecture import rules

FILES = [path for folder in rules.SOURCES for path in rules.modules(folder)]
SERVICE_FOLDERS = rules.SOURCES[2:]
# Letters are entities of no table: what one says is made of them.
OF_MODELS = {"model", "tables", "letter", "table", "wording"}


def named(path):
    return str(path.relative_to(rules.ROOT))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_stay_short_and_open_with_a_sentence(path):
    source = path.read_text()
    assert rules.too_long(source) + rules.undocumented(source) == []


@pytest.mark.parametrize("folder", rules.SOURCES, ids=lambda path: path.name)
def test_nothing_has_a_name_that_says_nothing(folder):
    assert rules.forbidden_names(folder) == []


@pytest.mark.parametrize("service", SERVICE_FOLDERS, ids=lambda path: path.name)
def test_only_models_and_projections_assign_attributes_of_entities(service):
    elsewhere = [path for path in rules.modules(service) if rules.room_of(path, service) not in rules.MAY_ASSIGN]
    found = {path.name: rules.assigned_from_outside(path.read_text()) for path in elsewhere}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("service", SERVICE_FOLDERS, ids=lambda path: path.name)
def test_routes_only_load_call_and_dump(service):
    routes = [path for path in rules.modules(service) if rules.room_of(path, service) == "api"]
    assert [fault for path in routes for fault in rules.branching_routes(path.read_text())] == []


@pytest.mark.parametrize("service", SERVICE_FOLDERS, ids=lambda path: path.name)
def test_a_capability_takes_of_others_what_they_hand_on(service):
    others = rules.capabilities(service)
    inside = [path for path in rules.modules(service) if rules.capability_of(path, service)]
    found = {
        named(path): rules.behind_the_door(path.read_text(), service.name, rules.capability_of(path, service), others)
        for path in inside
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("service", SERVICE_FOLDERS, ids=lambda path: path.name)
def test_models_take_of_other_capabilities_only_their_models(service):
    models = [path for path in rules.modules(service) if rules.room_of(path, service) == "model"]
    taken = [pair for path in models for pair in rules.taken_by_models(path.read_text(), service.name)]
    rooms = {each: rules.handed_on(service / each) for each in rules.capabilities(service)}
    assert [(each, name) for each, name in taken if rooms.get(each, {}).get(name, "model") not in OF_MODELS] == []


@pytest.mark.parametrize("service", SERVICE_FOLDERS, ids=lambda path: path.name)
def test_the_order_of_capabilities_is_the_one_of_the_service(service):
    """Written once, in app.py; what import-linter holds is the same from the top down."""
    assembled = import_module(f"{service.name}.app").service
    order = [package.__name__.partition(".")[2] for package in assembled.capabilities]
    assert sorted(order) == rules.capabilities(service)
    contracts = tomllib.loads((rules.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (held,) = [each["layers"] for each in contracts if each.get("containers") == [service.name]]
    assert [layer.strip("()") for layer in held if layer.strip("()") in order] == order[::-1]


def test_a_name_that_says_nothing_is_seen(tmp_path):
    (tmp_path / "helpers.py").write_text('"""Odds and ends."""\n')
    assert rules.forbidden_names(tmp_path) == [str(tmp_path / "helpers.py")]


def test_a_way_past_the_door_is_seen():
    source = "from a.people.model import Person\nfrom a.people import Person\nimport a.people.queries\n"
    assert rules.behind_the_door(source, "a", "plans", ["people", "plans"]) == [
        "line 1: a.people.model",
        "line 3: a.people.queries",
    ]
    assert rules.behind_the_door(source, "a", "people", ["people", "plans"]) == []


def test_what_a_model_takes_is_seen():
    assert rules.taken_by_models("from a.people import Person, principal\nfrom .x import y\n", "a") == [
        ("people", "Person"),
        ("people", "principal"),
    ]


def test_a_foreign_assignment_is_seen():
    assert rules.assigned_from_outside("def f(meeting):\n    meeting.state = 'held'\n") == ["line 2: meeting.state"]
    assert rules.assigned_from_outside("def f(m):\n    m.a, m.b = 1, 2\n    m.n += 1\n") != []
    assert rules.assigned_from_outside("class A:\n    def f(self):\n        self.state = 1\n") == []


def test_a_long_function_and_a_long_file_are_seen():
    assert rules.too_long("def f():\n" + "    x = 1\n" * 26) == ["f: 26 lines"]
    assert rules.too_long("x = 1\n" * 301) == ["the file: 301 lines"]


def test_a_missing_opening_sentence_is_seen():
    assert rules.undocumented("import os\n") == ["no opening sentence"]


def test_a_route_that_decides_is_seen():
    assert rules.branching_routes("@api.get('/x')\ndef f():\n    if a:\n        return b\n") == ["f: if"]
