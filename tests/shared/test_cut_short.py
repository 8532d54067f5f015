"""A line that drops in the middle of a request: half a wish is no wish, however complete it may look."""

import socket
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from bells import on_sqlite
from roles import running

from shared.domain.actor import Actor, Role
from shared.testing.issuer import token

WHOLE = b'{"name_fr": "Atlas", "name_ar": "A", "code": "ATL"}'
LENGTH = b"Content-Length: %d" % len(WHOLE)
CHUNKED = b"Transfer-Encoding: chunked"


def sent(url: str, length: bytes, body: bytes, key: str) -> bytes:
    """The status line and what follows, after a request whose sender falls silent behind this body."""
    place = urlsplit(url)
    who = token(Actor(id="a", role=Role.MINISTRY_ADMINISTRATOR)).encode()
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        head = [b"POST /v1/delegations HTTP/1.1", b"Host: halqa", b"Content-Type: application/json", length]
        head += [b"Authorization: Bearer " + who, b"Idempotency-Key: " + key.encode(), b"Connection: close"]
        line.sendall(b"\r\n".join(head) + b"\r\n\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


@on_sqlite
@pytest.mark.parametrize(
    ("length", "body", "code"),
    [
        (LENGTH, b"", b"request.cut_short"),
        (LENGTH, WHOLE[:20], b"request.cut_short"),
        (CHUNKED, b"%x\r\n%s\r\n" % (len(WHOLE), WHOLE), b"request.bad_request"),  # by the server itself
        (CHUNKED, b"f0\r\n{", b"request.bad_request"),
    ],
    ids=["nothing of it came", "half of it came", "its end never came", "half a chunk came"],
)
def test_a_request_that_was_cut_short_changes_nothing_and_uses_up_no_key(databases, tmp_path, length, body, code):
    key = str(uuid4())
    with running("membership", "web", tmp_path, databases.new("membership")) as web:
        answer = sent(web.url, length, body, key)
        assert b" 400 " in answer.splitlines()[0] and code in answer
        again = sent(web.url, LENGTH, WHOLE, key)
        assert b" 201 " in again.splitlines()[0]
