"""The gate lets pass what every copy can read, and nothing else."""

from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, date
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from shared.contracts.gate import breaks, same_promise
from shared.contracts.schemas import schema_of
from shared.events._declare import Moment

DEPRECATED = Meta(extra_json_schema={"deprecated": True})


def told(**fields: Any) -> type:
    """An event's class; a field is its type, or its type and its default."""
    pairs = [(name, *(kind if isinstance(kind, tuple) else (kind,))) for name, kind in fields.items()]
    parts = [(name, kind, *(field(default=value) for value in default)) for name, kind, *default in pairs]
    return make_dataclass("Told", parts, frozen=True, kw_only=True)


def refused(*editions: type) -> list[tuple[str, str]]:
    *before, now = map(schema_of, editions)
    return [(broken.field, broken.rule) for broken in breaks(before, now)]


@dataclass
class Part:
    title: str


@dataclass
class LongerPart:
    title: str
    minutes: int = 0


@dataclass
class SternPart:
    title: str
    minutes: int


@dataclass
class Tree:
    branches: list["Tree"]


FIRST = {"bell_id": UUID, "number": int}
SOMETIMES = {"mood": (str, "")}
GOING = {"mood": (Annotated[str, DEPRECATED], "")}


@pytest.mark.parametrize(
    "editions",
    [
        [FIRST],
        [FIRST, FIRST],
        [FIRST, FIRST | SOMETIMES],
        [FIRST, FIRST | {"mood": (str | None, None)}],
        [FIRST, FIRST | {"mood": (str | UnsetType, UNSET)}],
        [FIRST | SOMETIMES, FIRST | GOING],
        [FIRST | SOMETIMES, FIRST | GOING, FIRST],
        [FIRST | SOMETIMES, FIRST | GOING, FIRST, FIRST | SOMETIMES],
        [FIRST | {"parts": list[Part]}, FIRST | {"parts": list[LongerPart]}],
        [{"number": int, "bell_id": UUID}, FIRST],
        [FIRST, {"number": Annotated[int, Meta(description="how often", title="Number")], "bell_id": UUID}],
    ],
)
def test_what_every_copy_can_read_may_be_published(editions):
    assert refused(*(told(**fields) for fields in editions)) == []


ADDED = "a required field may not be added"
REMOVED = "a required field may not be removed"
DROPPED = "only once an edition has marked it as deprecated"


@pytest.mark.parametrize(
    ("editions", "name", "rule"),
    [
        ([FIRST, FIRST | {"tower": str}], "tower", ADDED),
        ([FIRST, {"bell_id": UUID}], "number", REMOVED),
        ([FIRST | SOMETIMES, FIRST], "mood", DROPPED),
        ([FIRST | SOMETIMES, FIRST | {"humour": (str, "")}], "mood", DROPPED),
        ([FIRST, FIRST | {"number": (int, 0)}], "number", "may not become optional"),
        ([FIRST | SOMETIMES, FIRST | {"mood": str}], "mood", "may not become required"),
        ([FIRST, FIRST | {"number": str}], "number", "`type`"),
        ([FIRST, FIRST | {"number": float}], "number", "`type`"),
        ([FIRST, FIRST | {"number": int | None}], "number", "`type`"),
        ([FIRST | {"number": int | None}, FIRST], "number", "`anyOf"),
        ([FIRST, FIRST | {"bell_id": str}], "bell_id", "`format`"),
        ([FIRST, FIRST | {"number": list[int]}], "number", "`type`"),
        ([FIRST | {"number": list[int]}, FIRST | {"number": list[str]}], "number[]", "`type`"),
        ([FIRST | {"number": dict[str, int]}, FIRST | {"number": dict[str, str]}], "number[]", "`type`"),
        ([FIRST | {"number": tuple[int, str]}, FIRST | {"number": tuple[int, int]}], "number", "`type`"),
        ([FIRST | {"a": Literal["x"]}, FIRST | {"a": Literal["x", "y"]}], "a", "`enum`"),
        ([FIRST | {"a": Literal["x", "y"]}, FIRST | {"a": Literal["x"]}], "a", "`enum`"),
        ([FIRST | {"a": Annotated[str, Meta(max_length=3)]}, FIRST | {"a": str}], "a", "`maxLength`"),
        ([FIRST, FIRST | {"number": Annotated[int, Meta(ge=0)]}], "number", "`minimum`"),
        ([FIRST | SOMETIMES, FIRST | {"mood": (str, "merry")}], "mood", "`default`"),
        ([FIRST | {"parts": list[Part]}, FIRST | {"parts": list[SternPart]}], "parts[].minutes", ADDED),
        ([FIRST | {"parts": list[LongerPart]}, FIRST | {"parts": list[Part]}], "parts[].minutes", DROPPED),
        ([FIRST | {"part": Part | None}, FIRST | {"part": SternPart | None}], "part.minutes", ADDED),
        ([FIRST | SOMETIMES, FIRST | GOING, FIRST, FIRST | {"mood": (int, 0)}], "mood", "`type`"),
        ([FIRST | GOING, FIRST | SOMETIMES, FIRST], "mood", DROPPED),
    ],
)
def test_what_some_copy_could_not_read_is_refused_by_name(editions, name, rule):
    found = refused(*(told(**fields) for fields in editions))
    assert [broken for broken, _ in found] == [name]
    assert rule in found[0][1]


def test_nothing_comes_or_goes_where_unknown_fields_are_forbidden():
    class Closed(msgspec.Struct, forbid_unknown_fields=True):
        number: int

    class Longer(msgspec.Struct, forbid_unknown_fields=True):
        number: int
        mood: str = ""

    assert refused(Closed, Longer)[0][0] == refused(Longer, Closed)[0][0] == "mood"


def test_a_part_may_contain_itself():
    assert refused(told(tree=Tree), told(tree=Tree)) == []


def test_only_words_are_no_new_promise():
    plain, worded = told(a=str), told(a=Annotated[str, Meta(description="in other words")])
    assert same_promise(schema_of(plain), schema_of(worded))
    for other in (told(a=int), told(a=(str, "")), told(a=str, b=(str, "")), told(a=Annotated[str, DEPRECATED])):
        assert not same_promise(schema_of(plain), schema_of(other))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
WHOLE = st.integers(-(2**63), 2**63 - 1)
KINDS = [
    (str, TEXT),
    (int, WHOLE),
    (bool, st.booleans()),
    (float, st.floats(allow_nan=False, allow_infinity=False)),
    (UUID, st.uuids()),
    (date, st.dates()),
    (Moment, st.datetimes(timezones=st.just(UTC))),
    (str | None, st.none() | TEXT),
    (list[str], st.lists(TEXT, max_size=2)),
    (list[UUID], st.lists(st.uuids(), max_size=2)),
    (dict[str, int], st.dictionaries(TEXT, WHOLE, max_size=2)),
    (Literal["x", "y"], st.sampled_from(["x", "y"])),
    (Literal["x", "y", "z"], st.sampled_from(["x", "y", "z"])),
    (Annotated[str, Meta(max_length=2)], st.text("ab", max_size=2)),
    (Annotated[int, Meta(ge=0)], st.integers(0, 9)),
    (Part, st.builds(Part, title=TEXT)),
    (LongerPart, st.builds(LongerPart, title=TEXT, minutes=WHOLE)),
]
NAMES = st.sampled_from("abcd")
Fields = dict[str, tuple[int, str]]  # which of the kinds, and whether it has to be there
FIELDS = st.tuples(st.sampled_from(range(len(KINDS))), st.sampled_from(["required", "optional", "going"]))


def class_of(fields: Fields) -> type:
    return told(**{name: _field(KINDS[kind][0], need) for name, (kind, need) in fields.items()})


def _field(kind: Any, need: str) -> Any:
    optional = Annotated[kind | UnsetType, DEPRECATED] if need == "going" else kind | UnsetType
    return kind if need == "required" else (optional, UNSET)


@st.composite
def editions(draw) -> list[Fields]:
    """A few editions of one event, each made from the one before by what people do to a field."""
    found = [draw(st.dictionaries(NAMES, FIELDS, min_size=1, max_size=3))]
    for _ in range(draw(st.integers(1, 3))):
        name, (kind, need) = draw(NAMES), draw(FIELDS)
        was_kind, was_need = found[-1].get(name, (kind, need))
        changed = draw(st.sampled_from([{}, {name: (kind, was_need)}, {name: (was_kind, need)}]))
        found.append({other: field for other, field in found[-1].items() if other != name} | changed)
    return found


def a_sample_of(draw: Any, fields: Fields) -> bytes:
    present = {n: kind for n, (kind, need) in fields.items() if need == "required" or draw(st.booleans())}
    return msgspec.json.encode({name: draw(KINDS[kind][1]) for name, kind in present.items()})


def may_become(before: Any, after: Any) -> bool:
    return refused(told(field=before), told(field=after)) == []


@cache
def passing() -> list[tuple[Any, Any]]:
    """Values of a kind, and a kind which the gate says they may be read as."""
    return [(values, after) for before, values in KINDS for after, _ in KINDS if may_become(before, after)]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_no_value_is_lost_by_a_change_of_kind_that_the_gate_lets_pass(more):
    values, after = more.draw(st.sampled_from(passing()))
    msgspec.json.decode(msgspec.json.encode(more.draw(values)), type=after)


@settings(deadline=None, max_examples=200)
@given(editions(), st.data())
def test_whatever_the_gate_lets_pass_can_be_read_by_every_copy(history, more):
    published = history[:1]
    for fields in history[1:]:
        before = [schema_of(class_of(edition)) for edition in published]
        if not breaks(before, schema_of(class_of(fields))):
            published.append(fields)
    for writer in published:
        wire = a_sample_of(more.draw, writer)
        for reader in published:
            msgspec.json.decode(wire, type=class_of(reader))
