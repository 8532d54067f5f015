"""What documents say that tables of the code know better: written by `make docs`, and checked by a test beside it."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from architecture.rules import ROOT, SERVICES
from notifications.letters.page import page
from shared.events import declared

BEGIN, END = "<!-- from the tables: make docs -->", "<!-- end -->"
SECTION = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


def hears(name: str) -> str:
    """Which event leads to what in a service, capability by capability."""
    subscriptions = import_module(f"{name}.app").service.subscriptions
    types = sorted(wire_type for wire_type in subscriptions.types if wire_type in declared)
    heard = [(declared[each], [by.get(each, ()) for by in subscriptions._in_turn]) for each in types]
    rows = [(event.__name__, *(_named(handlers, name) for handlers in phases)) for event, phases in heard]
    lines = [f"| `{event}` | {kept} | {', '.join(filter(None, (first, acts)))} |" for event, first, kept, acts in rows]
    head = [f"As `{subscriptions.name}`:", "", "| event | kept by | acted upon by |", "| --- | --- | --- |"]
    return "\n".join([*head, *lines])


def _named(handlers: tuple[Any, ...], service: str) -> str:
    return ", ".join(f"`{_name(handler, service)}`" for handler in handlers)


def _name(handler: Any, service: str) -> str:
    owner = handler.__module__.removeprefix(f"{service}.").split(".")[0]
    return f"{'roster' if owner == 'shared' else owner}.{handler.__name__}"


def documents() -> Iterator[tuple[Path, str]]:
    """Each with what it should say."""
    for name in SERVICES:
        path = ROOT / "services" / name / "README.md"
        told = f"{BEGIN}\n{hears(name)}\n{END}"
        yield path, SECTION.sub(lambda _, told=told: told, path.read_text())
    yield ROOT / "docs" / "letters.md", page()


if __name__ == "__main__":
    for path, text in documents():
        path.write_text(text)
