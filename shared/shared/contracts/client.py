"""A typed client for portals, made by openapi-python-client from the committed descriptions: one package of four.

<folder>/halqa_client/membership/    api/<tag>/<operation>.py, models/, client.py
<folder>/halqa_client/meetings/ ...

Nothing of it is committed: whoever needs it makes it anew from the descriptions of the edition that they talk to.
"""

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

GENERATOR = "openapi-python-client"
PACKAGE = "halqa_client"
STRICTLY = ["--meta", "none", "--overwrite", "--fail-on-warning"]
ABOUT = '"""Typed clients of the services of Halqa, generated from their descriptions."""\n'
SETTINGS = "client.yaml"  # beside the descriptions, for those who call the generator themselves


class NotGenerated(Exception):
    """Why there is no client, or not all of it; in the words of the generator where they are its own."""


def generate(descriptions: Path, folder: Path, services: Sequence[str]) -> list[Path]:
    """The packages of these services, or of all that are described; what stood there before is replaced."""
    if find_spec(GENERATOR.replace("-", "_")) is None:
        raise NotGenerated(
            f"{GENERATOR} is not installed here. Install it: {sys.executable} -m pip install {GENERATOR}"
        )
    package = folder / PACKAGE
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(ABOUT)
    return [_generate(described, package) for described in _described(descriptions, services)]


def _described(descriptions: Path, services: Sequence[str]) -> list[Path]:
    files = [descriptions / f"{name}.json" for name in services] or sorted(descriptions.glob("*.json"))
    missing = [str(file) for file in files if not file.exists()]
    if missing or not files:
        raise NotGenerated(f"There is no description {', '.join(missing) or f'in {descriptions}'}.")
    return files


def _generate(description: Path, package: Path) -> Path:
    made = package / description.stem
    places = ["--path", description, "--output-path", made, "--config", description.parent / SETTINGS]
    command = [sys.executable, "-m", "openapi_python_client", "generate", *map(str, places), *STRICTLY]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise NotGenerated(f"{description}: {run.stdout}{run.stderr}")
    return made
