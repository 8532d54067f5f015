"""A run of tests leaves nothing: neither when it is interrupted, nor when its workers or itself are killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing import issuer, run_folder
from shared.testing.waiting import eventually

ROOT = Path(__file__).parents[2]
A_RUN = """
import pathlib, tempfile, time
import pytest
from shared.testing import issuer, run_folder

@pytest.mark.parametrize("begun", {begun!r})
def test_takes_its_time(sqlite_databases, begun):
    issuer.settings()
    tempfile.mkdtemp(prefix="left-")
    sqlite_databases.new("practices")
    pathlib.Path(begun).touch()
    time.sleep(60)
"""


@pytest.fixture
def outside(tmp_path) -> Path:
    """Where temporary files of the runs below go."""
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.fixture
def run(outside, tmp_path) -> Iterator[subprocess.Popen]:
    """A run of its own with two workers, each in the middle of a test, so that nothing is on its way between them."""
    begun = [tmp_path / f"begun-{worker}" for worker in range(2)]
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["shared.testing.fixtures"]\n')
    (tmp_path / "test_slow.py").write_text(A_RUN.format(begun=[str(one) for one in begun]))
    mine = {"TMPDIR": str(outside), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    known = {name: value for name, value in os.environ.items() if not name.startswith(("HALQA_TEST_", "PYTEST_"))}
    words = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    running = subprocess.Popen(
        [*words, "--import-mode=importlib", str(tmp_path / "test_slow.py")],
        env=known | mine,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    eventually(lambda: all(one.exists() for one in begun), within=60)
    yield running
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        shutil.rmtree(in_memory_of(running), ignore_errors=True)


def in_memory_of(run: subprocess.Popen) -> Path:
    return run_folder.IN_MEMORY / f"{run_folder.PREFIX}{run.pid}"


def left_by(run: subprocess.Popen, outside: Path) -> list[Path]:
    return [*outside.iterdir(), *(each for each in [in_memory_of(run)] if each.exists())]


def test_a_run_that_is_interrupted_leaves_nothing(run, outside):
    assert left_by(run, outside)
    run.send_signal(signal.SIGINT)
    run.wait(timeout=60)
    assert left_by(run, outside) == []


def test_a_run_whose_workers_are_killed_leaves_nothing(run, outside):
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True, text=True).stdout
    for worker in told.split():
        os.kill(int(worker), signal.SIGKILL)
    time.sleep(0.5)  # the one that sums up starts another in their place
    run.send_signal(signal.SIGINT)
    run.wait(timeout=60)
    assert left_by(run, outside) == []


def test_what_a_killed_run_leaves_is_swept_by_the_next(run, outside, monkeypatch):
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert left_by(run, outside)
    monkeypatch.setenv("HALQA_TEST_TMPDIR", str(outside))
    run_folder.sweep()
    assert left_by(run, outside) == []


def test_what_a_living_run_needs_is_not_swept(run, outside, monkeypatch):
    monkeypatch.setenv("HALQA_TEST_TMPDIR", str(outside))
    run_folder.sweep()
    assert left_by(run, outside)
    assert Path(issuer.settings()["jwks_url"].removeprefix("file://")).exists()
