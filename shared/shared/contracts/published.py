"""What is committed about events, and whether it still says what the declarations say.

<folder>/schemas/<wire type>/<edition>.json    every edition, for ever: its events are in somebody's log
<folder>/asyncapi.json, README.md              made anew each time
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from shared.events import read_as
from shared.messaging.subscriptions import Subscriptions

from .asyncapi import document
from .gate import breaks, same_promise
from .page import page
from .schemas import Schema, schema_of

FOLDER = Path("docs/events")


class Incompatible(Exception):
    """What is declared may not stand beside what was published; each line is one reason, and what to do."""


def subscriptions_of_installed() -> list[Subscriptions]:
    services = (entry.load() for entry in entry_points(group="halqa.services"))
    return sorted((service.subscriptions for service in services), key=lambda queue: queue.name)


@dataclass(frozen=True)
class Published:
    """A folder of contracts beside the declarations it is about. An edition is never changed but in its words."""

    folder: Path
    declared: Mapping[str, type]
    subscriptions: Sequence[Subscriptions]

    def write(self) -> list[Path]:
        """Bring the folder up to date; returns what changed. Raises `Incompatible`, and writes nothing then."""
        changed = self.stale()
        for file, content in changed.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return list(changed)

    def stale(self) -> dict[Path, str]:
        """The files that lag behind the declarations, and what each should say. Raises `Incompatible`."""
        editions = self.editions()
        if faults := [*self._broken(editions), *self._unreadable(editions), *self._left_behind()]:
            raise Incompatible("\n".join(faults))
        due = self._files({name: _followed_by(editions.get(name, []), schema) for name, schema in self._schemas()})
        return {file: content for file, content in due.items() if not file.exists() or file.read_text() != content}

    def editions(self) -> dict[str, list[Schema]]:
        """All that was ever published, by type, oldest first. Raises `Incompatible` where an edition is missing."""
        places = sorted((self.folder / "schemas").glob("*/"))
        return {place.name: [json.loads(file.read_text()) for file in _numbered(place)] for place in places}

    def _schemas(self) -> Iterator[tuple[str, Schema]]:
        return ((wire_type, schema_of(self.declared[wire_type])) for wire_type in sorted(self.declared))

    def _files(self, editions: Mapping[str, Sequence[Schema]]) -> dict[Path, str]:
        latest = {
            self.folder / "schemas" / wire_type / f"{len(known)}.json": _pretty(known[-1])
            for wire_type, known in editions.items()
        }
        told = {wire_type: self.declared[wire_type] for wire_type in editions}
        return latest | {
            self.folder / "asyncapi.json": _pretty(document(told, self.subscriptions)),
            self.folder / "README.md": page(editions, self.subscriptions),
        }

    def _broken(self, editions: Mapping[str, Sequence[Schema]]) -> Iterator[str]:
        for wire_type, schema in self._schemas():
            for broken in breaks(editions.get(wire_type, []), schema):
                way_out = f"Undo it, or declare {_next(wire_type)} and upcast this type to that"
                yield f"{wire_type}, {broken.field}: {broken.rule}. {way_out}."

    def _unreadable(self, editions: Mapping[str, Sequence[Schema]]) -> Iterator[str]:
        for wire_type in editions:
            if read_as(wire_type) not in self.declared:
                yield f"{wire_type}: its events are in the logs. Keep its class, or upcast it to one that is declared."

    def _left_behind(self) -> Iterator[str]:
        for queue in self.subscriptions:
            for wire_type in queue.types:
                if read_as(wire_type) not in queue.types:
                    yield f"{wire_type}: {queue.name} hears it, but it is read as {read_as(wire_type)}. Hear that one."


def _numbered(place: Path) -> list[Path]:
    files = [place / f"{number}.json" for number in range(1, len(list(place.glob("*.json"))) + 1)]
    for file in files:
        if not file.exists():
            raise Incompatible(f"{file}: it is missing, and an edition is kept for ever. Restore it.")
    return files


def _followed_by(editions: Sequence[Schema], schema: Schema) -> list[Schema]:
    only_words_change = editions and same_promise(editions[-1], schema)
    return [*(editions[:-1] if only_words_change else editions), schema]


def _next(wire_type: str) -> str:
    name, _, major = wire_type.rpartition(".v")
    return f"{name}.v{int(major) + 1}"


def _pretty(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
