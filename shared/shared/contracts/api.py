"""What is committed about the HTTP side of each service: its OpenAPI description, as the running service tells it."""

import json
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from shared.running.service import Service
from shared.running.settings import Settings

FOLDER = Path("docs/api")
# A description asks no database and no issuer, sends no mail and signs no link.
NOWHERE = {
    "database_url": "sqlite://",
    "issuer": "https://issuer.invalid",
    "mail_url": "smtp://mail.invalid",
    "link_secret": "of no use but to describe what there is",
}


def installed() -> list[Service]:
    return sorted((entry.load() for entry in entry_points(group="halqa.services")), key=lambda service: service.name)


def settings_to_describe(service: Service) -> Settings:
    known = {field.name for field in fields(service.settings)}
    about: dict[str, Any] = {name: value for name, value in NOWHERE.items() if name in known}
    return service.settings(**about)


def description(service: Service) -> dict[str, Any]:
    app = service.create_app(settings_to_describe(service))
    try:
        answer = app.test_client().get("/openapi.json")
        if answer.status_code != 200:
            raise RuntimeError(f"{service.name} cannot describe itself; its log says why")
        return answer.get_json()
    finally:
        app.sessions.engine.dispose()


def stale(folder: Path) -> dict[Path, str]:
    """The files that lag behind the code, and what each should say."""
    return {file: told for file, told in _due(folder) if not file.exists() or file.read_text() != told}


def write(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    changed = stale(folder)
    for file, told in changed.items():
        file.write_text(told)
    return list(changed)


def _due(folder: Path) -> Iterator[tuple[Path, str]]:
    for service in installed():
        told = json.dumps(description(service), indent=1, ensure_ascii=False, sort_keys=True)
        yield folder / f"{service.name}.json", f"{told}\n"
