"""What the descriptions give to generators of clients: speaking names, words named once, answers shown whole."""

import json

import pytest
from click.testing import CliRunner

from console import main
from shared.contracts import client
from shared.contracts.api import FOLDER

DESCRIPTIONS = {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(params=sorted(DESCRIPTIONS))
def description(request):
    return DESCRIPTIONS[request.param]


def operations(description):
    return [told for item in description["paths"].values() for name, told in item.items() if name in METHODS]


def inside(told, place=""):
    """Every object in a description with the place where it stands."""
    if isinstance(told, dict):
        yield place, told
        told = told.items()
    elif isinstance(told, list):
        told = enumerate(told)
    else:
        told = ()
    for name, part in told:
        yield from inside(part, f"{place}/{name}")


def test_every_operation_has_a_name_of_its_own_and_a_sentence(description):
    names = [told["operationId"] for told in operations(description)]
    assert len(names) == len(set(names)) > 10
    assert [told["operationId"] for told in operations(description) if not told.get("summary")] == []


def test_words_to_choose_from_are_named_and_listed_once(description):
    listed = {place: told["enum"] for place, told in inside(description) if "enum" in told}
    assert listed
    assert [place for place in listed if place.count("/") > 3] == []
    assert all(None not in words for words in listed.values())


def test_an_answer_leaves_no_field_out(description):
    schemas = description["components"]["schemas"]
    for told in operations(description):
        for answer in (answer for status, answer in told["responses"].items() if status < "400"):
            for _, named in inside(answer):
                schema = schemas.get(named.get("$ref", "").rpartition("/")[2], {})
                assert set(schema.get("properties", {})) == set(schema.get("required", [])), told["operationId"]


def test_every_schema_is_used(description):
    named = {told["$ref"].rpartition("/")[2] for _, told in inside(description) if "$ref" in told}
    assert set(description["components"]["schemas"]) - named == set()


def test_without_the_generator_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "find_spec", lambda name: None)
    told = CliRunner().invoke(main, ["api", "client", str(tmp_path)])
    assert (told.exit_code, "pip install openapi-python-client" in told.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_is_not_described_is_named(tmp_path):
    told = CliRunner().invoke(main, ["api", "client", str(tmp_path), "--service", "weather"])
    assert (told.exit_code, "docs/api/weather.json" in told.output) == (1, True)
