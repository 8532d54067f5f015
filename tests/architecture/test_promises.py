"""Every promise in the README of what is shared names the test that holds it to that, and the test exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from architecture.rules import ROOT

README = ROOT / "shared" / "README.md"
HEADING = "## What it promises, and the test that holds it to that"
A_ROW = re.compile(r"^\| (?P<promise>.+?) \| (?P<tests>.+?) \|$", re.MULTILINE)
A_NAME = re.compile(r"`([^`]+)`")
COMPLIANCE = sorted((ROOT / "tests" / "compliance").glob("test_*.py"))


def promises(readme: str) -> Iterator[tuple[str, list[str]]]:
    """Each promise, and its tests: `<path>`, `<path>::<function>`, either without the folder of the one before it."""
    section = readme.partition(HEADING)[2].partition("\n## ")[0]
    for row in A_ROW.finditer(section):
        if row["promise"] not in ("promise", "---"):
            yield row["promise"], list(_in_full(A_NAME.findall(row["tests"])))


def _in_full(names: list[str]) -> Iterator[str]:
    folder = ""
    for name in names:
        if not name.startswith("make "):
            folder = name.partition("::")[0].rpartition("/")[0] or folder
            yield name if "/" in name.partition("::")[0] else f"{folder}/{name}"


def broken(readme: str) -> list[str]:
    """Rows that hold nobody to anything, in words."""
    untested = [f"{promise}: no test" for promise, tests in promises(readme) if not tests]
    return untested + [f"{promise}: {test}" for promise, tests in promises(readme) for test in tests if not _is(test)]


def _is(test: str) -> bool:
    path, _, function = test.partition("::")
    return path.startswith("tests/") and (ROOT / path).is_file() and (not function or function in functions(path))


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_promise_names_tests_that_exist():
    assert broken(README.read_text()) == []


@pytest.mark.parametrize("path", COMPLIANCE, ids=lambda path: path.name)
def test_every_test_of_the_compliance_suite_holds_somebody_to_a_promise(path):
    relative = str(path.relative_to(ROOT))
    named = {test for _, tests in promises(README.read_text()) for test in tests}
    assert [name for name in sorted(functions(relative)) if f"{relative}::{name}" not in named] == []


@pytest.mark.parametrize(
    "tests",
    ["", "all of them", "`tests/shared/test_nothing.py`", "`tests/shared/test_inbox.py::test_nothing`",
     "`tests/shared/test_inbox.py`, `test_nothing.py`", "`shared/README.md`", "`make test`"],
)  # fmt: skip
def test_a_row_that_names_no_test_is_seen(tests):
    readme = f"{HEADING}\n\n| promise | test |\n| --- | --- |\n| all is well | {tests or '-'} |\n\n## More\n"
    assert len(broken(readme)) == 1


def test_there_are_promises():
    assert len(list(promises(README.read_text()))) > 20
