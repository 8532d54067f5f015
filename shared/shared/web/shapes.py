"""Schemas in the description as generators of typed clients want them: words named once, answers shown whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from apispec import APISpec
from marshmallow import fields

Schema = dict[str, Any]

PREFIX = "#/components/schemas/"
# What flask-smorest registers for its own errors and pages; ours are told otherwise.
NOT_OURS = ("Error", "PaginationMetadata")


class NamedTwice(Exception):
    """Two lists of words have one name: give one of them another, by the `title` in its field's metadata."""


def name_words(converter: Any, field: fields.Field, ret: Schema) -> Schema:
    """A list of words to choose from becomes a schema of its own, named by its enum, or by a `title` that it was given.

    Called by apispec for each field; what is taken out of `ret` is not told at the field any more.
    """
    name = _name_of(field)
    if not name or "enum" not in ret:
        return {}
    allowed = field.metadata.get("enum", ret.pop("enum"))  # fewer than all, where a field says so itself
    words, one_of_them = [word for word in allowed if word is not None], {"$ref": f"{PREFIX}{name}"}
    _register(converter.spec, name, {"type": "string", "enum": words})
    for told in ("type", "title"):
        ret.pop(told, None)
    return {"anyOf": [one_of_them, {"type": "null"}]} if field.allow_none else one_of_them


def tell_keys(converter: Any, field: fields.Field, ret: Schema) -> Schema:
    """What the keys of an object may be, and how many there may be: apispec tells of its values alone."""
    if not isinstance(field, fields.Dict) or not field.key_field:
        return {}
    most = {"maxProperties": ret.pop("maxLength")} if "maxLength" in ret else {}
    keys = converter.field2property(field.key_field)
    return most | ({"propertyNames": keys} if keys.keys() - {"type"} else {})


def _name_of(field: fields.Field) -> str | None:
    return field.metadata.get("title") or (field.enum.__name__ if isinstance(field, fields.Enum) else None)


def _register(spec: APISpec, name: str, schema: Schema) -> None:
    if name not in spec.components.schemas:
        spec.components.schema(name, schema)
    elif spec.components.schemas[name] != schema:
        raise NamedTwice(f"{name}: {spec.components.schemas[name]} and {schema}")


def drop_unused(spec: APISpec) -> None:
    spec.components.responses.clear()
    for name in NOT_OURS:
        spec.components.schemas.pop(name, None)


def tell_whole(spec: APISpec) -> None:
    """An answer leaves no field out: what is unknown is null. A schema that is also sent to us stays as it is."""
    taken = _reached(spec, (operation.get("requestBody") for operation in _operations(spec)))
    for name in _reached(spec, (_successes(operation) for operation in _operations(spec))) - taken:
        schema = spec.components.schemas[name]
        if schema.get("additionalProperties") is False:  # made from a class, not written by hand
            schema["required"] = sorted(schema["properties"])


def _operations(spec: APISpec) -> Iterator[Mapping[str, Any]]:
    for item in spec._paths.values():
        yield from (told for told in item.values() if isinstance(told, Mapping) and "responses" in told)


def _successes(operation: Mapping[str, Any]) -> list[Schema]:
    return [answer for status, answer in operation["responses"].items() if str(status) < "400"]


def _reached(spec: APISpec, roots: Iterator[Any]) -> set[str]:
    """Names of the schemas that are named there, or in those."""
    found: set[str] = set()
    waiting = [name for root in roots for name in _named_in(root)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _named_in(spec.components.schemas.get(name, {}))
    return found


def _named_in(told: Any) -> Iterator[str]:
    if isinstance(told, Mapping):
        named = told.get("$ref", "")
        yield from [named.removeprefix(PREFIX)] if str(named).startswith(PREFIX) else []
        yield from (name for part in told.values() for name in _named_in(part))
    elif isinstance(told, list | tuple):
        yield from (name for part in told for name in _named_in(part))
