"""The page for people: each event, who tells it, who hears it, what it says."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from shared.events import heard_as, publisher_of
from shared.messaging.subscriptions import Subscriptions

from .schemas import Schema, expanded

HEAD = """# Events

What the services tell each other. Written by `halqa contracts write` from the declarations; do not edit.

Each event travels in a CloudEvents 1.0 envelope: [asyncapi.json](asyncapi.json) has the envelope, the channels and who
tells and hears what. Every edition of every event's JSON Schema is in [schemas](schemas); none is ever taken away,
since its events are in somebody's log. A field with `?` may be absent; one that is crossed out is about to go.
"""
TABLE = "| event | heard by | it says | fields |\n| --- | --- | --- | --- |"
FORMATS = {"uuid": "id", "date-time": "moment", "date": "day"}
KINDS = {"string": "text", "integer": "whole number", "null": "nothing"}


def page(editions: Mapping[str, Sequence[Schema]], subscriptions: Sequence[Subscriptions]) -> str:
    """`editions` of each type that is told today, oldest first."""
    told = groupby(sorted(editions), key=publisher_of)
    return "\n".join([HEAD, *(_chapter(name, list(types), editions, subscriptions) for name, types in told)])


def _chapter(
    publisher: str,
    types: Sequence[str],
    editions: Mapping[str, Sequence[Schema]],
    subscriptions: Sequence[Subscriptions],
) -> str:
    rows = (_row(wire_type, editions[wire_type], subscriptions) for wire_type in types)
    return "\n".join([f"## Told by {publisher}\n", TABLE, *rows, ""])


def _row(wire_type: str, editions: Sequence[Schema], subscriptions: Sequence[Subscriptions]) -> str:
    latest = f"[`{wire_type}`](schemas/{wire_type}/{len(editions)}.json)"
    hearers = ", ".join(f"`{queue.name}`" for queue in subscriptions if wire_type in queue.types)
    schema = expanded(editions[-1])
    return f"| {latest} | {hearers or 'nobody yet'} | {_sentence(wire_type, schema)} | {', '.join(_fields(schema))} |"


def _sentence(wire_type: str, schema: Schema) -> str:
    said = " ".join(schema.get("description", f"{_words(schema['title'])}.").replace("|", "/").split())
    earlier = ", ".join(f"`{name}`" for name in heard_as(wire_type))
    return f"{said} Read as this: {earlier}." if earlier else said


def _words(class_name: str) -> str:
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in class_name)
    return spaced.strip().capitalize()


def _fields(schema: Schema) -> Iterator[str]:
    for name, field in schema["properties"].items():
        entry = f"`{name}{'' if name in schema['required'] else '?'}` {_kind(field)}"
        yield f"~~{entry}~~" if field.get("deprecated") else entry


def _kind(field: Schema) -> str:
    if "anyOf" in field:
        return " or ".join(_kind(choice) for choice in field["anyOf"])
    if field.get("type") == "array" and isinstance(field.get("items"), dict):
        return f"[{_kind(field['items'])}]"
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"])
    named = FORMATS.get(field.get("format", "")) or KINDS.get(field.get("type", "")) or field.get("type")
    return field.get("title") or named or "anything"
