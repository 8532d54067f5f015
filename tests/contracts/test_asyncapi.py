"""The AsyncAPI document is one, says who tells and hears what, and describes what is really sent."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator

from contracts.copies import PUBLISHED, ROOT, samples
from shared.contracts.asyncapi import document
from shared.contracts.published import subscriptions_of_installed
from shared.events import declared, publisher_of

DOCUMENT = json.loads((PUBLISHED / "asyncapi.json").read_text())
SCHEDULED = "meetings.meeting_scheduled.v1"
SAMPLES = {wire_type: text for (wire_type, _edition), text in samples().items() if wire_type in declared}


@cache
def of_asyncapi() -> Draft7Validator:
    return Draft7Validator(json.loads((ROOT / "tests/contracts/asyncapi/3.1.0.json").read_text()))


def changed(*path: str, to: Any) -> dict[str, Any]:
    """The document with one thing in it replaced; None takes it away."""
    planted = copy.deepcopy(DOCUMENT)
    *way, last = path
    place = planted
    for step in way:
        place = place[step]
    place[last] = to
    if to is None:
        del place[last]
    return planted


def test_the_document_is_asyncapi_3_1():
    assert DOCUMENT["asyncapi"] == "3.1.0"
    assert list(of_asyncapi().iter_errors(DOCUMENT)) == []


AMQP = ("bindings", "amqp")


@pytest.mark.parametrize(
    "planted",
    [
        changed("asyncapi", to="2.6.0"),
        changed("info", "title", to=None),
        changed("operations", f"tell.{SCHEDULED}", "action", to="publish"),
        changed("operations", f"tell.{SCHEDULED}", "channel", to=None),
        changed("operations", f"tell.{SCHEDULED}", *AMQP, "deliveryMode", to=3),
        changed("channels", SCHEDULED, *AMQP, "is", to="topic"),
        changed("channels", SCHEDULED, *AMQP, "exchange", "type", to="quorum"),
        changed("channels", SCHEDULED, "messages", to=[]),
        changed("components", "messages", SCHEDULED, "payload", "allOf", to={}),
        changed("info", "version", to=None),
        changed("servers", "broker", "host", to=None),
        changed("topics", to={}),
    ],
)
def test_a_wrong_document_is_refused(planted):
    assert not of_asyncapi().is_valid(planted)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        part = list(part.values())
    if isinstance(part, list):
        for inside in part:
            yield from references(inside)


def resolved(reference: str, whole: dict[str, Any]) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        whole = whole.get(step, {})
    return whole


def dangling(whole: dict[str, Any]) -> list[str]:
    return [reference for reference in references(whole) if not resolved(reference, whole)]


def test_every_reference_leads_somewhere():
    assert len(list(references(DOCUMENT))) > 100
    assert dangling(DOCUMENT) == []
    assert dangling(changed("components", "schemas", "Envelope", to=None)) != []


def operations(action: str) -> set[tuple[str, str]]:
    """Service and channel of each operation."""
    found = [operation for operation in DOCUMENT["operations"].values() if operation["action"] == action]
    return {
        (operation["tags"][0]["name"], resolved(operation["channel"]["$ref"], DOCUMENT)["address"])
        for operation in found
    }


def test_it_says_who_tells_and_who_hears():
    assert operations("send") == {(publisher_of(wire_type), wire_type) for wire_type in declared}
    heard = {(queue.name, wire_type) for queue in subscriptions_of_installed() for wire_type in queue.types}
    assert operations("receive") == {(name.partition(".")[0], wire_type) for name, wire_type in heard}
    assert ("notifications", SCHEDULED) in operations("receive")


def payload_of(wire_type: str) -> Draft7Validator:
    payload = DOCUMENT["components"]["messages"][wire_type]["payload"]
    return Draft7Validator({**payload, "components": DOCUMENT["components"]})


@pytest.mark.parametrize("wire_type", sorted(SAMPLES))
def test_its_message_describes_what_is_sent(wire_type):
    sample = json.loads(SAMPLES[wire_type])
    assert list(payload_of(wire_type).iter_errors(sample)) == []
    for wrong in ({"type": "a.b.v1"}, {"source": "/elsewhere"}, {"specversion": "0.3"}, {"data": {}}, {"id": 7}):
        assert not payload_of(wire_type).is_valid(sample | wrong)


def test_an_event_that_is_added_shows(declare):
    later = document(declared, subscriptions_of_installed())
    assert set(later["channels"]) - set(DOCUMENT["channels"]) == {"bells.bell_rung.v1"}
    assert of_asyncapi().is_valid(later)
