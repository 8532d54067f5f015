"""Other copies of the declarations: golden samples of every edition, and classes made from published schemas."""

import json
from dataclasses import field, make_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from shared.contracts.published import Published
from shared.contracts.schemas import Schema, expanded
from shared.events import Envelope, decode
from shared.events._declare import Moment

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "contracts" / "golden"
PUBLISHED = ROOT / "docs" / "events"

KINDS = {
    ("string", None): str,
    ("string", "uuid"): UUID,
    ("string", "date-time"): Moment,
    ("string", "date"): date,
    ("integer", None): int,
    ("number", None): float,
    ("boolean", None): bool,
    ("null", None): None,
}
BOUNDS = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "pattern": "pattern",
}


def samples() -> dict[tuple[str, int], str]:
    """What was once written, by type and edition."""
    return {(file.parent.name, int(file.stem)): file.read_text() for file in sorted(GOLDEN.glob("*/*.json"))}


def envelopes(wire_type: str) -> list[Envelope]:
    return [decode(text) for (name, _edition), text in samples().items() if name == wire_type]


def editions() -> dict[tuple[str, int], Schema]:
    """What was once published, by type and edition."""
    found = Published(PUBLISHED, {}, ()).editions()
    return {(name, n): schema for name, known in found.items() for n, schema in enumerate(known, 1)}


def reader_of(schema: Schema) -> type:
    """The class that a copy of the declarations of that edition's day has."""
    return _class_of(expanded(schema))


def _class_of(schema: Schema) -> type:
    return _class_from(json.dumps({key: schema[key] for key in ("title", "required", "properties")}))


@cache  # what occurs twice in an event is one class
def _class_from(text: str) -> type:
    schema = json.loads(text)
    fields = [(name, *_field(part, name in schema["required"])) for name, part in schema["properties"].items()]
    return make_dataclass(schema["title"], fields, frozen=True, kw_only=True)


def _field(schema: Schema, required: bool) -> tuple[Any, Any]:
    if required:
        return _kind(schema), field()
    if "default" in schema:
        return _kind(schema), field(default=schema["default"])
    return _kind(schema) | UnsetType, field(default=UNSET)


def _kind(schema: Schema) -> Any:
    bounds = {BOUNDS[key]: value for key, value in schema.items() if key in BOUNDS}
    marks = {"extra_json_schema": {"deprecated": True}} if schema.get("deprecated") else {}
    return Annotated[_unbound(schema), Meta(**bounds, **marks)] if bounds or marks else _unbound(schema)


def _unbound(schema: Schema) -> Any:
    if "properties" in schema:
        return _class_of(schema)
    if "anyOf" in schema:
        return Union[tuple(map(_kind, schema["anyOf"]))]  # noqa: UP007
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    if schema["type"] == "array":
        return list[_kind(schema["items"])]
    if schema["type"] == "object":
        return dict[str, _kind(schema["additionalProperties"])]
    return KINDS[schema["type"], schema.get("format")]
