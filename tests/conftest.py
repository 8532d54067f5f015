"""The tests of all packages: which database they ask, and how many seconds each folder took.

What really differs between the databases (locking, isolation, history, search, the outbox and all that carries events)
is asked on both: whole folders, see `DIFFER`, and modules that say `pytestmark = pytest.mark.both_databases`. The rest
is asked on SQLite in `make test`, and on PostgreSQL by `make test-rest`; `make test-all` is both.
"""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

import pytest

pytest_plugins = ["shared.testing.fixtures"]

TESTS = Path(__file__).parent
DIFFER = ("shared", "compliance", "journeys", "chaos")
ONE, OTHER = "sqlite", "postgresql"

seconds: dict[str, float] = defaultdict(float)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--databases",
        choices=("one", "other", "both"),
        default="both",
        help="what does not differ between them: on SQLite, on PostgreSQL (and nothing else), or on both",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("databases")
    if chosen == "both":
        return
    known = {item.nodeid for item in items}
    asks_again = {item.nodeid: _asks_again(item, known) for item in items}
    kept = [item for item in items if asks_again[item.nodeid] is (chosen == "other")]
    left_out = set(map(id, items)) - set(map(id, kept))
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = kept


def _asks_again(item: pytest.Item, known: Collection[str]) -> bool:
    """Is it asked on SQLite as well, with no reason to expect another answer?"""
    return OTHER in item.nodeid and item.nodeid.replace(OTHER, ONE) in known and not _differs(item)


def _differs(item: pytest.Item) -> bool:
    folder = item.path.relative_to(TESTS).parts[0]
    return folder in DIFFER or item.get_closest_marker("both_databases") is not None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    parts = Path(report.nodeid.partition("::")[0]).parts[1:-1]  # below tests/, two levels at most
    seconds["/".join(parts[:2])] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if hasattr(terminalreporter.config, "workerinput") or len(seconds) < 2:
        return
    terminalreporter.write_line("\nseconds by folder, of all workers together:")
    for folder, spent in sorted(seconds.items(), key=lambda each: -each[1]):
        terminalreporter.write_line(f"{spent:8.1f}  tests/{folder}")
