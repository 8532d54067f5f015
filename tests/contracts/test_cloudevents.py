"""Envelopes are CloudEvents 1.0, as the official SDK understands that, and where it does not look, as the text says."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from bells import BellRung
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat

from contracts.bellfounder import Producer
from contracts.copies import samples
from shared.domain.correlation import Correlation, current
from shared.events import BATCH_CONTENT_TYPE, decode, decode_data

SAMPLES = samples()
REQUIRED = {"specversion", "id", "source", "type"}
LARGEST_INTEGER = 2**31 - 1  # of an attribute; a number of data may be larger


def what_is_wrong(wire: str) -> str:
    """Empty for a valid event."""
    try:
        JSONFormat().read(None, wire)
    except CloudEventValidationError as error:
        return f"{error} {error.errors}"
    return "; ".join(_beyond_the_sdk(json.loads(wire)))


def _beyond_the_sdk(attributes: dict[str, Any]) -> Iterator[str]:
    data = attributes.pop("data")
    if not isinstance(data, dict):
        yield "data is not an object"
    for name in REQUIRED - attributes.keys():
        yield f"{name} is missing"  # the SDK would fill it in
    for name, value in attributes.items():
        if not isinstance(value, str | bool) and not (isinstance(value, int) and abs(value) <= LARGEST_INTEGER):
            yield f"{name} is of a type that attributes cannot have"


@pytest.fixture
def _in_the_course_of_something() -> Iterator[None]:
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    token = current.set(Correlation(str(uuid4()), cause=str(uuid4()), traceparent=traceparent))
    yield
    current.reset(token)


@pytest.fixture
def told(producer: Producer, _in_the_course_of_something) -> Producer:
    """A producer that has told all there is to tell, each also as a twin."""
    producer.tell(
        *(decode_data(decode(sample)) for sample in SAMPLES.values()), also=BellRung(bell_id=uuid4(), number=1)
    )
    return producer


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=map(str, SAMPLES))
def test_every_sample_is_a_cloudevent(sample):
    assert what_is_wrong(sample) == ""


def test_whatever_the_outbox_writes_is_a_cloudevent(told):
    written = told.outbox()
    assert len(written) == 2 * len(SAMPLES)
    assert {what_is_wrong(wire) for wire in written} == {""}
    assert {"correlationid", "causationid", "traceparent", "twinof"} <= set(json.loads(written[-1]))


def test_the_feed_answers_with_a_batch_of_cloudevents(told):
    answer = told.feed()
    assert answer.content_type == BATCH_CONTENT_TYPE
    assert len(answer.json) == 2 * len(SAMPLES)
    assert {what_is_wrong(json.dumps(event)) for event in answer.json} == {""}
    assert [event["position"] for event in answer.json] == list(range(1, 2 * len(SAMPLES) + 1))


@pytest.mark.parametrize(
    ("attribute", "value", "complaint"),
    [
        ("id", None, "id"),
        ("source", "", "source"),
        ("type", 7, "type"),
        ("specversion", "0.9", "specversion"),
        ("specversion", None, "specversion"),
        ("subject", "", "subject"),
        ("time", "2026-03-02T09:30:00", "timezone"),
        ("Sequence", "1", "Sequence"),
        ("partition_key", "k", "partition_key"),
        ("position", 2**31, "position"),
        ("cause", {"id": "1"}, "cause"),
        ("data", "text", "data"),
    ],
)
def test_what_is_no_cloudevent_is_seen(attribute, value, complaint):
    (sample, *_) = SAMPLES.values()
    changed = {name: kept for name, kept in (json.loads(sample) | {attribute: value}).items() if kept is not None}
    assert complaint in what_is_wrong(json.dumps(changed))
