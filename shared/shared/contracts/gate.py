"""The gate: what may change in an event, so that every copy of its declaration, older or newer, can read it.

Services are deployed one by one, so an old copy reads new events; logs are read again from their beginning, so a
new copy reads old ones. Within a type every edition must therefore read every other, in both directions:

    an optional field comes                      yes
    an optional field goes, marked deprecated    yes, if the latest edition had the mark already
    anything else                                no: it is another type, `.v2`
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .schemas import Schema, expanded

WORDS = {"$schema", "title", "description", "examples", "discriminator"}  # they change nothing that can be read
APART = WORDS | {"properties", "required", "deprecated"}
ABSENT = object()


@dataclass(frozen=True)
class Break:
    """One reason why an edition could not be read by another."""

    field: str
    rule: str


def breaks(editions: Sequence[Schema], schema: Schema) -> list[Break]:
    """What stands against publishing this schema after these editions (oldest first), each reason once."""
    after = expanded(schema)
    before = [expanded(edition) for edition in editions]
    found = [broken for edition in before for broken in _compare(edition, after)]
    dropped = [broken for edition in before[-1:] for broken in _dropped(edition, after)]
    return list(dict.fromkeys(found + dropped))


def same_promise(one: Schema, other: Schema) -> bool:
    """Whether they differ in words only."""
    return _promise(expanded(one)) == _promise(expanded(other))


def _promise(schema: Schema) -> Schema:
    fields = {name: (_requires(schema, name), _promise(field)) for name, field in _fields(schema).items()}
    inside = {name: _promise(part) for name, part in _inside(schema).items()}
    return {**_shape(schema), **inside, "properties": fields, "deprecated": bool(schema.get("deprecated"))}


def _compare(old: Schema, new: Schema, at: str = "") -> Iterator[Break]:
    before, after = _shape(old), _shape(new)
    changed = [key for key in {**before, **after} if before.get(key, ABSENT) != after.get(key, ABSENT)]
    if changed:
        yield Break(at, f"`{'`, `'.join(changed)}` may not change")
    yield from _compare_fields(old, new, at)
    for name, inside in _inside(old).items():
        yield from _compare(inside, _inside(new).get(name, inside), _step_into(at, name))


def _compare_fields(old: Schema, new: Schema, at: str) -> Iterator[Break]:
    closed = False in (old.get("additionalProperties"), new.get("additionalProperties"))
    for name in {**_fields(old), **_fields(new)}:
        field = f"{at}.{name}".lstrip(".")
        if name in _fields(old) and name in _fields(new):
            yield from _compare_field(old, new, name, field)
        elif closed:
            yield Break(field, "where unknown fields are forbidden, no field may come or go")
        elif _requires(new, name):
            yield Break(field, "a required field may not be added: older events lack it")
        elif _requires(old, name):
            yield Break(field, "a required field may not be removed: older readers need it")


def _compare_field(old: Schema, new: Schema, name: str, field: str) -> Iterator[Break]:
    if _requires(old, name) == _requires(new, name):
        yield from _compare(_fields(old)[name], _fields(new)[name], field)
    elif _requires(new, name):
        yield Break(field, "an optional field may not become required: older events may lack it")
    else:
        yield Break(field, "a required field may not become optional: older readers need it")


def _dropped(old: Schema, new: Schema, at: str = "") -> Iterator[Break]:
    """Optional fields that went without a warning: a field that is renamed looks just so."""
    for name, field in _fields(old).items():
        where = f"{at}.{name}".lstrip(".")
        if name in _fields(new):
            yield from _dropped(field, _fields(new)[name], where)
        elif not _requires(old, name) and not field.get("deprecated"):
            yield Break(where, "an optional field may be removed only once an edition has marked it as deprecated")
    for name, inside in _inside(old).items():
        yield from _dropped(inside, _inside(new).get(name, inside), _step_into(at, name))


def _fields(schema: Schema) -> Mapping[str, Schema]:
    return schema.get("properties", {})


def _requires(schema: Schema, name: str) -> bool:
    return name in schema.get("required", ())


def _shape(schema: Schema) -> Schema:
    """All that a schema says itself, and what kinds of parts it has inside."""
    inside = _inside(schema)
    lists = {name.partition("/")[0] for name in inside}
    said = {key: value for key, value in schema.items() if key not in APART | lists}
    return said | dict.fromkeys(inside, "a part")


def _inside(schema: Schema) -> dict[str, Schema]:
    """The schemas of the parts of a value, other than its fields, by where they stand."""
    lists = {key: schema.get(key, []) for key in ("anyOf", "oneOf", "prefixItems")}
    numbered = {f"{key}/{n}": part for key, parts in lists.items() for n, part in enumerate(parts)}
    single = {key: schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)}
    return numbered | single


def _step_into(at: str, name: str) -> str:
    return f"{at}[]" if name in ("items", "additionalProperties") else at
