"""The import contracts of pyproject.toml hold, and each was seen to fail on a planted import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from architecture.rules import ROOT, SERVICES

PLANTED = {
    "Services know nothing of each other": (
        "services/meetings/meetings/convening/use_cases.py",
        "import membership.settings",
    ),
    "What is shared knows no service, and no console": ("shared/shared/web/problems.py", "import meetings.tables"),
    "The console and the services know nothing of each other": ("console/console/up.py", "import meetings.tables"),
    "Shared has floors, each importing only those below it": (
        "shared/shared/domain/entity.py",
        "import shared.messaging.outbox",
    ),
    "Capabilities of membership stand on each other": (
        "services/membership/membership/people/queries.py",
        "import membership.planning",
    ),
    "Capabilities of meetings stand on each other": (
        "services/meetings/meetings/convening/model/meeting.py",
        "import meetings.minutes",
    ),
    "Capabilities of practices stand on each other": (
        "services/practices/practices/roster/projections.py",
        "import practices.search",
    ),
    "Capabilities of notifications stand on each other": (
        "services/notifications/notifications/letters/table.py",
        "import notifications.messages",
    ),
    "Rooms are layered, and have the same names in every capability": (
        "services/practices/practices/repertoire/model.py",
        "import practices.repertoire.queries",
    ),
    "Letters are made from the ground up": (
        "services/notifications/notifications/letters/wording.py",
        "import notifications.letters.table",
    ),
    "Mail leaves step by step": (
        "services/notifications/notifications/delivery/spool.py",
        "import notifications.delivery.workers",
    ),
    "Models know no web, no broker, no mail": ("services/practices/practices/repertoire/model.py", "import flask"),
}


def lint(root: Path) -> subprocess.CompletedProcess:
    paths = [str(root / "shared"), str(root / "console"), *(str(root / "services" / name) for name in SERVICES)]
    program = f"import sys; sys.path[:0] = {paths!r}; from importlinter.cli import lint_imports_command as l; l()"
    command = [sys.executable, "-c", program, "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True)


def test_the_import_contracts_hold():
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", root)
    for folder in ("shared", "console", "services"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "*.js", "*.css"))
    return root


@pytest.mark.parametrize("contract", PLANTED)
def test_each_contract_breaks_on_a_planted_import(contract, copy):
    name, line = PLANTED[contract]
    room = copy / name if (copy / name).exists() else copy / name.removesuffix(".py") / "__init__.py"
    before = room.read_text()
    room.write_text(f"{before}\n\n{line}\n")
    answer = lint(copy)
    room.write_text(before)
    assert f"{contract} BROKEN" in answer.stdout


@pytest.mark.parametrize("place", ["practices", "practices/repertoire"])
def test_a_strange_room_breaks_the_layers(copy, place):
    strange = copy / "services" / "practices" / place / "helpers.py"
    strange.write_text('"""Odds and ends."""\n')
    answer = lint(copy)
    strange.unlink()
    assert answer.returncode != 0
    assert "helpers" in answer.stdout
