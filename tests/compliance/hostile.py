"""What nobody should send: messages that are no events, and answers that are no pages of a feed."""

import json
from uuid import UUID

from bells import BellRung
from flask import Response

from shared.events import BATCH_CONTENT_TYPE, encode
from shared.messaging.outbox import LARGEST
from shared.testing.harness import wrap

BELL = UUID(int=1)
EVENT = encode(wrap(BellRung(bell_id=BELL, number=1), key=str(BELL)))


def altered(**attributes: object) -> bytes:
    return json.dumps(json.loads(EVENT) | attributes).encode()


MESSAGES = {
    "nothing": b"",
    "not JSON": b"hello",
    "JSON, but no CloudEvent": b'{"hello": "world"}',
    "another specversion": altered(specversion="0.3"),
    "an id that is none": altered(id="17"),
    "a pickle": b"\x80\x04\x95\x0b\x00\x00\x00",
    "half a character": b'{"a": "\xff"}',
    "deep": b"[" * 100_000,
    "an event too large": altered(data={"bell_id": str(BELL), "number": 1, "name": "x" * LARGEST}),
}

PLACE = {"Halqa-Feed-Position": "999", "Halqa-Feed-Event": str(BELL), "Halqa-Feed-Epoch": str(BELL)}


def page(body: bytes, *, status: int = 200, kind: str = BATCH_CONTENT_TYPE, **headers: str) -> Response:
    return Response(body, status, PLACE | headers, content_type=kind)


def half_a_page() -> Response:
    """The connection ends in the middle: fewer bytes come than were announced."""
    return page(b"[" + EVENT[:40], **{"Content-Length": str(len(EVENT) + 2)})


ANSWERS = {
    "a web page": Response("<html><body>Welcome!</body></html>", content_type="text/html"),
    "a web page with the headers of a feed": page(b"<html></html>", kind="text/html"),
    "an error": page(b"[]", status=500),
    "a refusal": page(b"[]", status=403),
    "nothing": page(b""),
    "rubbish": page(bytes(range(256))),
    "no list": page(EVENT),
    "half a page": half_a_page(),
    "half an event": page(b"[" + EVENT[:40]),
    "one event of two is none": page(b"[" + EVENT + b',{"hello": "world"}]'),
    "a position that is no number": page(b"[" + EVENT + b"]", **{"Halqa-Feed-Position": "far"}),
    "a position beyond any column": page(b"[" + EVENT + b"]", **{"Halqa-Feed-Position": str(10**30)}),
    "restored again and again": page(b"[]", status=409),
}
