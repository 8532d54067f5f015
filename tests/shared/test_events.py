"""The envelope: what goes in comes out, what is unknown is ignored, what is wrong is refused."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import msgspec
import pytest
from bells import BellRung

from shared.events import (
    Envelope,
    MeetingScheduled,
    MemberLeft,
    MinutesPublished,
    SchoolRegistered,
    Undecodable,
    declared,
    decode,
    decode_batch,
    decode_data,
    encode,
    encode_data,
    event,
    publisher_of,
)

A = UUID("01980000-0000-7000-8000-00000000000a")
B = UUID("01980000-0000-7000-8000-00000000000b")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEFT = MemberLeft(community_id=A, principal_id=B)
SCHEDULED = MeetingScheduled(
    meeting_id=A,
    community_id=B,
    convener_id=A,
    invitee_ids=[A, B],
    subject="Vivre ensemble - العيش معا",
    starts_at=NOON,
    ends_at=NOON + timedelta(hours=2),
    zone="Africa/Casablanca",
    place="Salle 3",
    calendar_sequence=0,
)


def enveloped(happened, **more) -> Envelope:
    carried = {
        "specversion": "1.0",
        "id": A,
        "type": happened.wire_type,
        "source": "/membership",
        "subject": f"membership/{B}",
        "time": NOON,
        "partitionkey": str(B),
        "sequence": "000000000001",
        "data": encode_data(happened),
    }
    return Envelope(**{**carried, **more})


def wire_of(happened=LEFT, **changes) -> bytes:
    """The wire form with attributes replaced; None takes one away."""
    attributes = json.loads(encode(enveloped(happened))) | changes
    return json.dumps({name: value for name, value in attributes.items() if value is not None}).encode()


@pytest.mark.parametrize("happened", [LEFT, SCHEDULED])
def test_what_goes_in_comes_out(happened):
    sent = enveloped(happened, correlationid="c-1", causationid=str(B), traceparent="00-1-2-03", position=7)
    received = decode(encode(sent))
    assert received == sent
    assert decode_data(received) == happened


def test_what_is_not_known_is_not_sent():
    assert set(json.loads(encode(enveloped(LEFT)))) == {
        "specversion", "id", "type", "source", "subject", "time",
        "partitionkey", "sequence", "datacontenttype", "data",
    }  # fmt: skip


def test_a_batch_is_a_list_of_envelopes():
    both = [enveloped(LEFT), enveloped(SCHEDULED, id=B)]
    assert decode_batch(b"[" + b",".join(map(encode, both)) + b"]") == both
    assert decode_batch(b"[]") == []


def test_unknown_attributes_and_unknown_fields_are_ignored():
    data = {"community_id": str(A), "principal_id": str(B), "since": "yesterday", "more": {"deep": [1]}}
    received = decode(wire_of(expirytime="2030-01-01T00:00:00Z", data=data))
    assert decode_data(received) == LEFT


def test_a_moment_in_any_zone_is_the_same_moment():
    received = decode(wire_of(time="2026-03-02T13:00:00+01:00"))
    assert received.time == NOON
    paris = timezone(timedelta(hours=1))
    assert decode(encode(enveloped(LEFT, time=NOON.astimezone(paris)))).time == NOON


@pytest.mark.parametrize("attribute", ["id", "type", "source", "subject", "time", "partitionkey", "sequence", "data"])
def test_an_envelope_without_a_required_attribute_is_no_event(attribute):
    with pytest.raises(Undecodable, match=attribute):
        decode(wire_of(**{attribute: None}))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("id", "not a uuid"),
        ("id", 7),
        ("type", ""),
        ("type", 5),
        ("type", "t" * 256),
        ("source", ""),
        ("time", "2026-03-02T12:00:00"),
        ("time", "yesterday"),
        ("partitionkey", ""),
        ("partitionkey", "k" * 256),
        ("sequence", 1),
        ("position", "first"),
    ],
)
def test_an_attribute_of_the_wrong_kind_is_refused(attribute, value):
    with pytest.raises(Undecodable):
        decode(wire_of(**{attribute: value}))


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"null",
        b"[]",
        b"not json",
        b"\xff\xfe\x00",
        b"\x80\x04\x95.",
        b'"' + b"x" * 1_000_000 + b'"',
        wire_of()[:-1],
        wire_of() + b"{}",
        wire_of().replace(b'"data": {', b'"data": {"name": "\xff", '),
        wire_of().replace(b'"data": {', b'"data": ' + DEEP + b', "later": {'),
        wire_of().replace(b"/membership", b"\\ud800"),
    ],
    ids=lambda wire: f"{bytes(wire[:12])} of {len(wire)}",
)
def test_what_is_no_event_is_undecodable_and_nothing_else(wire):
    with pytest.raises(Undecodable):
        decode(wire)
    with pytest.raises(Undecodable):
        decode_batch(b"[" + wire + b",]")


def test_a_type_that_nobody_declared_can_be_carried_but_not_read():
    received = decode(wire_of(type="membership.moon_landed.v1"))
    with pytest.raises(Undecodable, match=r"membership\.moon_landed\.v1"):
        decode_data(received)


@pytest.mark.parametrize("data", [[], {}, {"community_id": str(A)}, {"community_id": str(A), "principal_id": 7}])
def test_data_of_the_wrong_shape_is_undecodable(data):
    with pytest.raises(Undecodable):
        decode_data(decode(wire_of(data=data)))


def test_a_time_without_a_zone_cannot_even_be_made():
    with pytest.raises(ValueError, match="zone"):
        enveloped(LEFT, time=datetime(2026, 3, 2, 12))


SCHOOL = {"school_id": A, "delegation_id": B, "code": "1", "main_code": "1", "cycle": "primary", "name_ar": "م"}
MINUTES = {"meeting_id": A, "community_id": B, "subject": "s", "starts_at": NOON, "zone": "UTC", "summary": "s"}


@pytest.mark.parametrize(
    ("happened", "field"),
    [
        (BellRung(bell_id="the big one", number=1), "bell_id"),
        (BellRung(bell_id=A, number="1"), "number"),
        (BellRung(bell_id=A, number=None), "number"),
        (SchoolRegistered(**SCHOOL, name_fr=None), "name_fr"),
        (MinutesPublished(**MINUTES, reader_ids=[A, None], decisions=[]), "reader_ids"),
        (MinutesPublished(**MINUTES | {"starts_at": datetime(2026, 3, 2)}, reader_ids=[], decisions=[]), "starts_at"),
    ],
)
def test_a_field_of_the_wrong_type_is_refused_when_written(happened, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        encode_data(happened)


@pytest.mark.parametrize("wire_type", sorted(declared))
def test_an_event_is_declared_by_its_publishers_module(wire_type):
    assert declared[wire_type].__module__.split(".")[:3] == ["shared", "events", publisher_of(wire_type)]
    assert declared[wire_type].wire_type == wire_type


@pytest.mark.parametrize("name", ["", "bells", "bells.rung", "bells.rung.v0", "bells.Rung.v1", "b.r.v1\n", "a.b.c.v1"])
def test_a_wire_type_has_one_form(name):
    with pytest.raises(ValueError, match="is not <publisher>"):
        event(name)


def test_a_wire_type_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        event(BellRung.wire_type)(type("Other", (), {}))


def test_an_event_is_frozen_and_named_fields_only():
    with pytest.raises(AttributeError):
        LEFT.community_id = B
    with pytest.raises(TypeError):
        MemberLeft(A, B)
