"""Whatever was ever published is read by every copy of the declarations, older or newer than the writer's."""

import json
from dataclasses import dataclass, field, fields, make_dataclass, replace
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from contracts.copies import editions, envelopes, reader_of, samples
from shared.contracts.gate import breaks, same_promise
from shared.contracts.schemas import schema_of
from shared.events import declared, decode_data, encode_data, read_as

SAMPLES, EDITIONS = samples(), editions()
TYPES = sorted({wire_type for wire_type, _edition in EDITIONS})


def of(wire_type: str, things: dict) -> list:
    return [thing for (name, _edition), thing in things.items() if name == wire_type]


def test_every_edition_has_a_sample_and_every_sample_an_edition():
    assert sorted(SAMPLES) == sorted(EDITIONS)


@pytest.mark.parametrize(("wire_type", "edition"), sorted(EDITIONS))
def test_a_sample_shows_every_field_of_its_edition(wire_type, edition):
    shown = json.loads(SAMPLES[wire_type, edition])["data"]
    assert set(shown) == set(EDITIONS[wire_type, edition]["properties"])


@pytest.mark.parametrize("wire_type", TYPES)
def test_every_sample_is_read_by_the_copy_of_every_edition(wire_type):
    for envelope in envelopes(wire_type):
        for schema in of(wire_type, EDITIONS):
            msgspec.json.decode(envelope.data, type=reader_of(schema))


@pytest.mark.parametrize("wire_type", TYPES)
def test_every_sample_is_read_by_the_class_of_today(wire_type):
    for envelope in envelopes(wire_type):
        assert isinstance(decode_data(envelope), declared[read_as(wire_type)])


@pytest.mark.parametrize("wire_type", TYPES)
def test_a_copy_made_from_a_schema_promises_what_the_schema_does(wire_type):
    for schema in of(wire_type, EDITIONS):
        assert same_promise(schema_of(reader_of(schema)), schema)


@pytest.mark.parametrize("wire_type", sorted(declared))
def test_the_next_edition_could_be_deployed_before_or_after_any_other(wire_type):
    kept = [(f.name, f.type, f) for f in fields(declared[wire_type])]
    following = make_dataclass("Following", [*kept, ("hint", str, field(default=""))], frozen=True, kw_only=True)
    assert breaks(of(wire_type, EDITIONS), schema_of(following)) == []
    for envelope in envelopes(wire_type):
        told_later = encode_data(replace(msgspec.json.decode(envelope.data, type=following), hint="new"))
        for schema in of(wire_type, EDITIONS):
            msgspec.json.decode(told_later, type=reader_of(schema))
        assert msgspec.json.decode(told_later, type=declared[wire_type]) == decode_data(envelope)


@dataclass
class Part:
    title: Annotated[str, Meta(max_length=9)]
    minutes: Annotated[int, Meta(ge=0, le=90)] = 0


@dataclass
class Rich:
    """What events may yet hold."""

    parts: list[Part]
    answer: Literal["yes", "no"]
    counts: dict[str, int]
    part: Part | None = None
    share: float | UnsetType = UNSET
    going: Annotated[bool, Meta(extra_json_schema={"deprecated": True})] = False


def test_copies_can_be_made_of_richer_events_as_well():
    schema = schema_of(Rich)
    assert same_promise(schema_of(reader_of(schema)), schema)
    wire = b'{"parts": [{"title": "Trois cas"}], "answer": "yes", "counts": {"a": 1}, "part": null}'
    assert msgspec.json.decode(wire, type=reader_of(schema)).parts[0].minutes == 0
    with pytest.raises(msgspec.ValidationError, match="answer"):
        msgspec.json.decode(wire.replace(b"yes", b"perhaps"), type=reader_of(schema))
