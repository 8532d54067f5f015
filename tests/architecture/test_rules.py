"""The house stands: every rule holds in every file, and every rule was seen to fail."""

import pytest

from architecture import rules

FILES = [path for folder in rules.SOURCES for path in rules.modules(folder)]
SERVICE_FOLDERS = rules.SOURCES[1:]


def named(path):
    return str(path.relative_to(rules.ROOT))


@pytest.mark.parametrize("service", SERVICE_FOLDERS, ids=lambda path: path.name)
def test_rooms_have_the_same_names_in_every_service(service):
    assert rules.unknown_rooms(service) == []


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


def test_a_strange_room_is_seen(tmp_path):
    (tmp_path / "helpers.py").write_text('"""Odds and ends."""\n')
    assert rules.unknown_rooms(tmp_path) == ["helpers"]
    assert rules.forbidden_names(tmp_path) == [str(tmp_path / "helpers.py")]


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
