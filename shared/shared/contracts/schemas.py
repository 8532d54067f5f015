"""JSON Schema (2020-12) of events, made from their classes."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = Mapping[str, Any]


def schema_of(event_class: type) -> Schema:
    """One event's schema, on its own."""
    (top,), parts = components([event_class], refer_to="#/$defs/{name}")
    whole = parts.pop(_name_in(top))
    return {"$schema": DIALECT, **whole, **({"$defs": parts} if parts else {})}


def components(classes: Sequence[type], *, refer_to: str) -> tuple[Sequence[Schema], dict[str, Schema]]:
    """References to the classes, in their order, and the schemas that these lead to, by name."""
    references, parts = msgspec.json.schema_components(classes, ref_template=refer_to)
    return references, {name: _in_plain_words(part) for name, part in parts.items()}


def expanded(schema: Schema) -> Schema:
    """The schema as one tree: each reference replaced by what it leads to, unless that is what it stands in."""
    parts = schema.get("$defs", {})

    def expand(part: Any, within: frozenset[str]) -> Any:
        if isinstance(part, list):
            return [expand(item, within) for item in part]
        if not isinstance(part, dict):
            return part
        name = _name_in(part)
        if name and name not in within:
            beside = {key: value for key, value in part.items() if key != "$ref"}
            return expand({**parts[name], **beside}, within | {name})
        return {key: expand(value, within) for key, value in part.items()}

    return expand({key: value for key, value in schema.items() if key != "$defs"}, frozenset())


def _name_in(part: Schema) -> str:
    return str(part.get("$ref", "")).rpartition("/")[2]


def _in_plain_words(part: Schema) -> Schema:
    # A docstring comes as it stands in the source, with the margin of its class.
    return {**part, "description": inspect.cleandoc(part["description"])} if "description" in part else part
