"""The items of a page, dumped field by field without looking for each value where it might be but is not.

A page of people has some two hundred values. Marshmallow asks of each whether its object is a mapping, its name a path,
its value missing or to be called; an entity's attribute is none of these.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from marshmallow import Schema, fields, missing

Writer = Callable[[Any], Any]


class Items(fields.List):
    """The same JSON as a list of nested schemas gives; mappings, and schemas with hooks, are left to marshmallow."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> list[Any] | None:
        if not value or self._has_hooks or any(isinstance(item, Mapping) for item in value):
            return super()._serialize(value, attr, obj, **more)
        return [_dumped(item, self._writers) for item in value]

    @property
    def _shown(self) -> Schema:
        return self.inner.schema  # type: ignore[attr-defined]

    @cached_property
    def _has_hooks(self) -> bool:
        return any(self._shown._hooks.get(moment) for moment in ("pre_dump", "post_dump"))

    @cached_property
    def _writers(self) -> list[tuple[str, Writer]]:
        return [(field.data_key or name, _writer(self._shown, name, field)) for name, field in _fields(self._shown)]


def _fields(schema: Schema) -> list[tuple[str, fields.Field]]:
    return list(schema.dump_fields.items())


def _dumped(item: Any, writers: list[tuple[str, Writer]]) -> dict[str, Any]:
    return {key: value for key, write in writers if (value := write(item)) is not missing}


def _writer(schema: Schema, name: str, field: fields.Field) -> Writer:
    """A plain attribute is read; whatever is more than that goes marshmallow's way."""
    is_plain = field._CHECK_ATTRIBUTE and field.attribute is None and field.dump_default is missing
    if not is_plain:
        return lambda item: field.serialize(name, item, accessor=schema.get_attribute)

    def write(item: Any) -> Any:
        value = getattr(item, name, missing)
        return value if value is missing else field._serialize(value, name, item)

    return write
