"""A portal in its own process: the client made from our descriptions, and curl, do what docs/api/README.md says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from issuers import Turning

from console import main
from membership.app import service
from shared.testing.harness import Driven
from shared.testing.serving import served

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api" / "README.md").read_text()
BESIDE = re.compile(r"```sh\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
BY_HAND = re.search(r"\$ (openapi-python-client .*)", PAGE)[1]
EVERY_MODULE = """
import halqa_client, importlib, pkgutil
names = [found.name for found in pkgutil.walk_packages(halqa_client.__path__, "halqa_client.")]
print(*(importlib.import_module(name).__name__ for name in names))
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Path:
    """The folder that the client is in, as the command makes it."""
    folder = tmp_path_factory.mktemp("portal")
    made = CliRunner().invoke(main, ["api", "client", str(folder), "--folder", str(ROOT / "docs" / "api")])
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def running(sqlite_databases):
    """Membership and the development issuer, each at an address of its own."""
    issuer = Turning()
    driven = Driven(service, sqlite_databases.new(service.name), issuer=issuer.name, jwks_url="")
    with served(driven.app) as membership:
        yield {"http://127.0.0.1:8101": membership.url, "http://127.0.0.1:8105": issuer.name}
    driven.close()
    issuer.close()


def at(addresses: dict[str, str], text: str) -> str:
    for shown, real in addresses.items():
        assert shown in text
        text = text.replace(shown, real)
    return text


def run(*command: str, **more) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **more)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def python(program: str, folder: Path) -> str:
    return run(sys.executable, "-W", "error", "-c", program, env={**os.environ, "PYTHONPATH": str(folder)})


def test_the_program_of_the_page_does_what_the_page_says(client, running):
    pieces = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(pieces) == 6
    python(at(running, "\n".join(pieces)), client)


def test_curl_prints_what_the_page_shows(running):
    pieces = BESIDE.findall(PAGE)
    assert len(pieces) == PAGE.count("```sh\n") == 4
    script = "".join(f"{asked}echo ---\n" for asked, _ in pieces)
    printed = run("bash", "-euo", "pipefail", "-c", at(running, script))
    assert printed == "".join(f"{shown}---\n" for _, shown in pieces)


def test_all_that_is_made_can_be_imported_and_is_named_by_its_verb(client):
    names = python(EVERY_MODULE, client).split()
    operations = {name for name in names if name.count(".") == 4 and ".api." in name}
    assert len(operations) > 90
    assert {"halqa_client.meetings.api.meetings.schedule_meeting"} <= operations
    assert [name for name in operations if re.search(r"\.(get|post|put|delete)_v1_", name)] == []


def test_one_service_at_a_time_is_made_as_the_page_says(running, tmp_path):
    url = f"{running['http://127.0.0.1:8101']}/openapi.json"
    command = re.sub(r"https://\S+", url, BY_HAND).replace("client.yaml", str(ROOT / "docs" / "api" / "client.yaml"))
    told = run(sys.executable, "-m", *command.replace("-", "_", 2).split(), "--fail-on-warning", cwd=tmp_path)
    assert (tmp_path / "membership" / "api" / "entries" / "put_school.py").exists(), told
