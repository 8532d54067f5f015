"""The wire form of each event is frozen: a sample of it, written once (tests/contracts/golden), is still understood.

An optional field may be added. Anything else is a new type, `.v2`, as which the first is read from then on. What holds
for all editions ever published is in tests/contracts.
"""

import json
from dataclasses import field, fields, make_dataclass
from typing import Any

import pytest
from contracts.copies import samples

from shared.events import Undecodable, declared, decode, decode_data, encode, encode_data, publisher_of, read_as

SAMPLES = {wire_type: text for (wire_type, _edition), text in sorted(samples().items())}  # of the latest edition
KNOWN = sorted(wire_type for wire_type in declared if read_as(wire_type) == wire_type)


def understood(sample: str) -> dict[str, Any]:
    """The data of a sample, read and written again by the class declared for it."""
    return json.loads(bytes(encode_data(decode_data(decode(sample)))))


def lost(sample: str) -> dict[str, Any]:
    """What of a sample's data did not survive being read and written again."""
    before, after = json.loads(sample)["data"], understood(sample)
    return {name: value for name, value in before.items() if name not in after or after[name] != value}


def test_every_event_has_a_sample_and_every_sample_an_event():
    assert {read_as(wire_type) for wire_type in SAMPLES} == set(KNOWN)


@pytest.mark.parametrize("wire_type", KNOWN)
def test_a_sample_means_today_what_it_meant_when_it_was_written(wire_type):
    sample = SAMPLES[wire_type]
    assert decode(sample).type == wire_type
    assert decode(sample).source == f"/{publisher_of(wire_type)}"
    assert lost(sample) == {}


@pytest.mark.parametrize("wire_type", KNOWN)
def test_an_envelope_is_written_as_it_was_read(wire_type):
    assert json.loads(encode(decode(SAMPLES[wire_type]))) == json.loads(SAMPLES[wire_type])


@pytest.mark.parametrize("wire_type", KNOWN)
def test_a_sample_shows_every_field_that_is_required(wire_type):
    required = {f.name for f in fields(declared[wire_type]) if f.default is f.default_factory}
    assert required <= set(json.loads(SAMPLES[wire_type])["data"])


TYPE = "membership.member_joined.v1"


def changed(monkeypatch: pytest.MonkeyPatch, *added: Any, without: str = "") -> str:
    """Declare the event with fields added or removed, and return its sample."""
    kept = [(f.name, f.type) for f in fields(declared[TYPE]) if f.name != without]
    monkeypatch.setitem(declared, TYPE, make_dataclass("Changed", [*kept, *added], frozen=True, kw_only=True))
    return SAMPLES[TYPE]


def test_an_optional_field_may_be_added(monkeypatch):
    assert lost(changed(monkeypatch, ("nickname", str, field(default="")))) == {}


def test_a_required_field_that_is_added_would_be_seen(monkeypatch):
    sample = changed(monkeypatch, ("nickname", str))
    with pytest.raises(Undecodable, match="nickname"):
        lost(sample)


def test_a_field_that_is_renamed_would_be_seen(monkeypatch):
    sample = changed(monkeypatch, ("name_french", str), without="name_fr")
    with pytest.raises(Undecodable, match="name_french"):
        lost(sample)


def test_a_field_that_is_renamed_with_a_default_would_be_seen(monkeypatch):
    sample = changed(monkeypatch, ("name_french", str, field(default="")), without="name_fr")
    assert list(lost(sample)) == ["name_fr"]


def test_a_field_that_is_taken_away_would_be_seen(monkeypatch):
    assert list(lost(changed(monkeypatch, without="joined_at"))) == ["joined_at"]


def test_a_field_whose_type_changes_would_be_seen(monkeypatch):
    sample = changed(monkeypatch, ("name_fr", list[str]), without="name_fr")
    with pytest.raises(Undecodable, match="name_fr"):
        lost(sample)
