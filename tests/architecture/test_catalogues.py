"""Every refusal in the code has its texts in three languages, with the facts it gives; and no text is left over."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import pytest

from architecture.rules import ROOT, SERVICES
from shared.contracts.api import installed, settings_to_describe
from shared.domain.lifecycle import HasLifecycle
from shared.domain.policy import Policy
from shared.messaging import policy as operating
from shared.web.catalogue import LANGUAGES, SHARED
from shared.web.declared_refusals import ANY, CHANGING, IDENTIFIED, REPEATABLE
from shared.web.field_faults import FIELDS
from shared.web.problems import HTTP_CODES, STATUS

SHARED_SOURCE = ROOT / "shared" / "shared"
STATUSES = {kind.__name__: status for kind, status in STATUS.items()} | {"Stale": 409}
OF_THEIR_OWN = {"migrations"}  # they refuse nothing over HTTP
AT_PAGES = {"mail.not_found"}  # which the description of the API leaves out
A_CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
ARABIC = re.compile("[\u0621-\u064a]")
TECHNICAL = re.compile(r"`[^`]*`|\{\w+\}")
ENGLISH = re.compile(r"\b(the|is|are|was|must|not|this|that|send|your|you|of|and)\b", re.IGNORECASE)
BY_RULE = {*ANY, *CHANGING, *IDENTIFIED, *REPEATABLE, *HTTP_CODES.values()}


class Raised(NamedTuple):
    """A refusal or a fault as the code gives it; `facts` is None where they are not to be read off there."""

    code: str
    status: int | None
    facts: frozenset[str] | None
    where: str


def sources(owner: str) -> list[Path]:
    folder = SHARED_SOURCE if owner == "shared" else ROOT / "services" / owner / owner
    return sorted(file for file in folder.rglob("*.py") if not OF_THEIR_OWN.intersection(file.parts))


@cache
def files_of(owner: str) -> Mapping[str, Any]:
    house = ROOT / "services" / owner / owner
    places = [SHARED, FIELDS] if owner == "shared" else sorted(house.glob("*/problems.toml"))
    tables: dict[str, Any] = {"problems": {}, "reasons": {}, "words": {}}
    for place in places:
        for name, table in tomllib.loads(place.read_text(encoding="utf-8")).items():
            assert not tables[name].keys() & table.keys(), f"{place} says again {tables[name].keys() & table.keys()}"
            tables[name] |= table
    return tables


@cache
def raised(owner: str) -> list[Raised]:
    return [each for file in sources(owner) for each in _raised_in(file)]


def _raised_in(file: Path) -> Iterator[Raised]:
    for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        where = f"{file.relative_to(ROOT)}:{call.lineno}"
        if isinstance(code, str) and name in STATUSES:
            yield Raised(code, STATUSES[name], _facts(call), where)
        elif isinstance(code, str) and name == "Fault":
            yield Raised(code, None, _facts_of_fault(call), where)


def _facts(call: ast.Call) -> frozenset[str] | None:
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names else frozenset(names - {"faults"})


def _facts_of_fault(call: ast.Call) -> frozenset[str] | None:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "facts"), None)
    if given is None:
        return frozenset()
    return frozenset(key.value for key in given.keys) if isinstance(given, ast.Dict) else None


def mentioned(owner: str) -> set[str]:
    """Every code that stands in the code as a text, but for those that only describe a route."""
    return {text for file in sources(owner) for text in _texts(ast.parse(file.read_text())) if A_CODE.fullmatch(text)}


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "raises":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)


def derived(owner: str) -> set[str]:
    """What is refused by rule: a hidden kind of thing is not found, a lifecycle does not go that way."""
    policy = Policy(*operating.kinds) if owner == "shared" else import_module(f"{owner}.app").service.policy
    hidden = {f"{kind.name}.not_found" for kind in policy.verbs.values() if not kind.is_open}
    import_module(f"{owner}.app" if owner != "shared" else "shared.messaging.outbox")
    things = {kind.thing for kind in _lifecycles(HasLifecycle) if kind.__module__.partition(".")[0] == owner}
    return hidden | {f"{thing}.wrong_state" for thing in things}


def _lifecycles(kind: type) -> Iterator[type]:
    """Those with a table; what they mix in has no lifecycle of its own."""
    for below in kind.__subclasses__():
        yield from ([below] if hasattr(below, "lifecycle") else [])
        yield from _lifecycles(below)


def texts_of(entry: Mapping[str, Any], language: str) -> list[str]:
    said = entry.get(language, "")
    return [said["title"], said["detail"]] if isinstance(said, dict) else [said]


def blanks(texts: list[str]) -> frozenset[str]:
    return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


OWNERS = ("shared", *SERVICES)


@pytest.mark.parametrize("owner", OWNERS)
def test_what_is_refused_has_its_text_and_its_status(owner):
    known = files_of("shared")["problems"] | files_of(owner)["problems"]
    reasons = files_of("shared")["reasons"] | files_of(owner)["reasons"]
    for each in raised(owner):
        table = reasons if each.status is None else known
        assert each.code in table, f"{each.where}: {each.code} is in no catalogue"
        assert each.status in (None, known.get(each.code, {}).get("status")), f"{each.where}: another status"
    assert derived(owner) | BY_RULE <= known.keys()


@pytest.mark.parametrize("owner", OWNERS)
def test_the_blanks_of_a_text_are_the_facts_that_are_given(owner):
    entries = {**files_of("shared")["problems"], **files_of(owner)["problems"]}
    entries |= files_of("shared")["reasons"] | files_of(owner)["reasons"]
    for each in raised(owner):
        asked = blanks(texts_of(entries[each.code], "fr"))
        assert each.facts in (None, asked), f"{each.where}: {each.code} says {set(asked)}, given is {set(each.facts)}"


@pytest.mark.parametrize("owner", OWNERS)
def test_no_text_is_left_over(owner):
    tables = files_of(owner)
    elsewhere = {code for service in SERVICES for code in mentioned(service)} if owner == "shared" else set()
    used = mentioned(owner) | derived(owner) | elsewhere | (BY_RULE if owner == "shared" else set())
    heard = {code for code, entry in tables["reasons"].items() if "says" in entry}
    assert (tables["problems"].keys() | tables["reasons"].keys()) - used - heard == set()


@pytest.mark.parametrize("owner", OWNERS)
def test_each_language_says_all_of_it_and_says_it_in_that_language(owner):
    tables = files_of(owner)
    labels = {f"{kind}.{word}": label for kind, words in tables["words"].items() for word, label in words.items()}
    for code, entry in (tables["problems"] | tables["reasons"] | labels).items():
        said = {language: texts_of(entry, language) for language in LANGUAGES}
        assert all(text.strip() for texts in said.values() for text in texts), f"{code}: something is not said"
        assert len({blanks(texts) for texts in said.values()}) == 1, f"{code}: the languages tell different facts"
        assert all(ARABIC.search(text) for text in said["ar"]), f"{code}: no Arabic in the Arabic"
        assert not any(ARABIC.search(text) for text in said["fr"] + said["en"]), code
        assert not any(ENGLISH.search(TECHNICAL.sub("", text)) for text in said["fr"] + said["ar"]), code


def test_every_state_that_a_refusal_names_has_a_label():
    for owner in SERVICES:
        import_module(f"{owner}.app")
        kinds = {kind for kind in _lifecycles(HasLifecycle) if kind.__module__.partition(".")[0] == owner}
        words = files_of(owner)["words"]
        for state in (state for kind in kinds for state in kind.lifecycle):
            assert state.value in words[type(state).__name__], f"{owner}: {type(state).__name__}.{state.value}"


def test_what_a_service_refuses_is_described_at_some_route():
    for service in installed():
        app = service.create_app(settings_to_describe(service))
        answers = app.extensions["halqa.description"].answers.values()
        app.sessions.engine.dispose()
        described = {code for told in answers for codes in told.values() for code in codes}
        undescribed = files_of(service.name)["problems"].keys() - described - AT_PAGES
        # A lifecycle may also be walked by the clock and by what is heard alone.
        assert all(code.endswith(".wrong_state") for code in undescribed), (service.name, undescribed)
