"""The AsyncAPI 3.1.0 document of the whole system: who tells which event on which channel, and who hears it."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.events import CONTENT_TYPE, Envelope, publisher_of
from shared.messaging.push.topology import EVENTS
from shared.messaging.subscriptions import Subscriptions

from .schemas import components

Document = dict[str, Any]

BINDING = {"bindingVersion": "0.3.0"}
SCHEMAS = "#/components/schemas/"
INFO = {
    "title": "Halqa",
    "version": "1.0.0",
    "description": "What the services tell each other, as CloudEvents 1.0 in structured JSON. The same envelopes can "
    "be pulled from the feed of each service, `GET /v1/events`.",
    "license": {"name": "Apache-2.0"},
}
BROKER = {
    "host": "{broker}",
    "protocol": "amqp",
    "protocolVersion": "0-9-1",
    "description": "RabbitMQ; a system without a broker pulls instead.",
    "variables": {"broker": {"default": "127.0.0.1:5672"}},
}


def document(declared: Mapping[str, type], subscriptions: Sequence[Subscriptions]) -> Document:
    """Its channels are the types that are told today; each message is the envelope, narrowed to its type."""
    references, schemas = components([Envelope, *declared.values()], refer_to=SCHEMAS + "{name}")
    payloads = dict(zip(declared, references[1:], strict=True))
    return {
        "asyncapi": "3.1.0",
        "info": INFO,
        "servers": {"broker": BROKER},
        "defaultContentType": CONTENT_TYPE,
        "channels": {wire_type: _channel(wire_type) for wire_type in declared},
        "operations": _told(declared) | _heard(declared, subscriptions),
        "components": {
            "messages": {wire_type: _message(wire_type, schema) for wire_type, schema in payloads.items()},
            "schemas": schemas,
        },
    }


def _channel(wire_type: str) -> Document:
    exchange = {"name": EVENTS.name, "type": EVENTS.type, "durable": EVENTS.durable, "autoDelete": EVENTS.auto_delete}
    return {
        "address": wire_type,
        "messages": {"event": {"$ref": f"#/components/messages/{wire_type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, **BINDING}},
    }


def _message(wire_type: str, data: Mapping[str, Any]) -> Document:
    narrowed = {"type": {"const": wire_type}, "source": {"const": f"/{publisher_of(wire_type)}"}, "data": data}
    return {
        "name": wire_type,
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {
            "allOf": [
                {"$ref": f"{SCHEMAS}{Envelope.__name__}"},
                {"type": "object", "required": ["specversion"], "properties": narrowed},
            ]
        },
        "bindings": {"amqp": {"messageType": wire_type, **BINDING}},
    }


def _told(declared: Mapping[str, type]) -> Document:
    binding = {"deliveryMode": 2, "mandatory": True}
    return {
        f"tell.{wire_type}": _operation("send", wire_type, publisher_of(wire_type), binding) for wire_type in declared
    }


def _heard(declared: Mapping[str, type], subscriptions: Sequence[Subscriptions]) -> Document:
    return {
        f"{queue.name}.hear.{wire_type}": _operation("receive", wire_type, _service_of(queue), {"ack": True})
        for queue in subscriptions
        for wire_type in queue.types
        if wire_type in declared
    }


def _operation(action: str, wire_type: str, service: str, binding: Document) -> Document:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{wire_type}"},
        "messages": [{"$ref": f"#/channels/{wire_type}/messages/event"}],
        "tags": [{"name": service}],
        "bindings": {"amqp": {**binding, **BINDING}},
    }


def _service_of(queue: Subscriptions) -> str:
    return queue.name.partition(".")[0]
