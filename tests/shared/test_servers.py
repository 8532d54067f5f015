"""Where a server is missing, tests are skipped with one loud line; where there is no excuse, the run fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

A_TEST = """
def test_needs_postgresql(postgres_url):
    pass

def test_needs_nothing():
    pass
"""

# No engine answers, and no program is found: as on a machine with nothing but Python.
NOTHING_HERE = """
from shared.testing import servers
servers._postgres_program = lambda: None
servers._rabbitmq_program = lambda: None
"""

# Other plugins that are installed here would take most of the time.
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def running_tests_in(folder: Path, workers: str) -> list[str]:
    plugins = ["-p", "xdist.plugin", "-p", "shared.testing.fixtures"]
    return [sys.executable, "-m", "pytest", "-n", workers, *plugins, str(folder)]


@pytest.mark.parametrize(("workers", "no_skips", "expected"), [("0", "", 0), ("2", "1", 1)])
def test_a_missing_server_is_told_loudly(tmp_path, workers, no_skips, expected):
    (tmp_path / "conftest.py").write_text(NOTHING_HERE)
    (tmp_path / "test_it.py").write_text(A_TEST)
    bare = ALONE | {"DOCKER_HOST": "unix:///nowhere", "HALQA_TEST_NO_SKIPS": no_skips, "HALQA_TEST_POSTGRES_URL": ""}
    answer = subprocess.run(
        running_tests_in(tmp_path, workers),
        cwd=tmp_path,
        env=os.environ | bare,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "1 passed, 1 skipped" in answer.stdout
    assert answer.stdout.count("NOT TESTED for want of a server. PostgreSQL: set HALQA_TEST_POSTGRES_URL") == 1
    assert answer.returncode == expected


TWO_VERSIONS = """
def test_on_each_version(broker):
    pass
"""

ONE_VERSION_ALONE = """
from contextlib import nullcontext
from shared.testing import servers
servers.engine_answers = lambda: True
servers._is_at_hand = lambda image: False
servers._rabbitmq_in_container = lambda image: nullcontext(servers.Broker("", ""))
"""


def test_a_missing_version_is_told_loudly_and_fails_no_run(tmp_path):
    (tmp_path / "conftest.py").write_text(ONE_VERSION_ALONE)
    (tmp_path / "test_it.py").write_text(TWO_VERSIONS)
    command, alone = running_tests_in(tmp_path, "0"), os.environ | ALONE
    answer = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=120)
    assert "1 passed, 1 skipped" in answer.stdout
    assert answer.stdout.count("NOT TESTED on one version. rabbitmq:4.3-management: its image is not") == 1
    assert answer.returncode == 0
